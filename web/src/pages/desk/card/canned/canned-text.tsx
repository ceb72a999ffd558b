import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { CannedList, pointersTo } from './canned-list.tsx';
import { type CannedContext, type Insertion, selectedIn, useCanned } from './use-canned.ts';

interface CannedTextProps {
  readonly label: string;
  readonly hint: string;
  readonly value: string;
  /** Null: no canned answers are offered. */
  readonly context: CannedContext | null;
  onChange(text: string): void;
  /** A canned answer was inserted, which may have a subject and files of its own. */
  onInserted?(insertion: Insertion): void;
}

/**
 * The text of a message. A slash at the start of a line or after a space opens the canned answers in
 * a list below; the focus stays in the text.
 */
export function CannedText({ label, hint, value, context, onChange, onInserted }: CannedTextProps) {
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  /** What to select once the inserted text is shown. */
  const pending = useRef<readonly [number, number] | null>(null);
  const insert = (insertion: Insertion) => {
    const { start, end, text: inserted } = insertion;
    const [from, to] = selectedIn(insertion);
    pending.current = [start + from, start + to];
    onChange(value.slice(0, start) + inserted + value.slice(end));
    onInserted?.(insertion);
  };
  const canned = useCanned(context, insert);
  // At once: the next letter may be typed before an effect runs.
  useLayoutEffect(() => {
    if (pending.current === null || area.current === null) return;
    area.current.focus();
    area.current.setSelectionRange(...pending.current);
    pending.current = null;
  }, [value]);
  const track = ({ currentTarget: { value: all, selectionEnd } }: { readonly currentTarget: HTMLTextAreaElement }) =>
    canned.track(all, selectionEnd);
  return (
    <div class="canned">
      <textarea
        ref={area}
        aria-label={label}
        {...(context !== null && pointersTo(canned, id))}
        rows={4}
        maxLength={100_000}
        placeholder={hint}
        value={value}
        onKeyDown={(event) => {
          if (isPlainKey(event) && canned.press(event.key)) event.preventDefault();
          else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) event.currentTarget.form?.requestSubmit();
        }}
        onKeyUp={track}
        onClick={track}
        onBlur={canned.close}
        onInput={(event) => {
          onChange(event.currentTarget.value);
          track(event);
        }}
      />
      {context !== null && <CannedList canned={canned} id={id} />}
    </div>
  );
}

/** Whether a key was pressed without modifiers, and not within the composition of a character. */
export function isPlainKey(event: KeyboardEvent): boolean {
  return !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey && !event.isComposing;
}
