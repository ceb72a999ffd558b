import { useEffect, useId, useLayoutEffect, useRef } from 'preact/hooks';
import { useLanguage, useText } from '../../../../i18n/language.tsx';
import { plural } from '../../../../i18n/plural.ts';
import { type CannedContext, type Insertion, useCanned } from './use-canned.ts';

interface CannedTextProps {
  readonly label: string;
  readonly hint: string;
  readonly value: string;
  /** Null: no canned answers are offered. */
  readonly context: CannedContext | null;
  onChange(text: string): void;
  /** A canned answer has a subject of its own. */
  onSubject?(subject: string): void;
}

/**
 * The text of a message. A slash at the start of a line or after a space opens the canned answers in
 * a list below; the focus stays in the text.
 */
export function CannedText({ label, hint, value, context, onChange, onSubject }: CannedTextProps) {
  const text = useText();
  const language = useLanguage();
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  /** What to select once the inserted text is shown. */
  const pending = useRef<readonly [number, number] | null>(null);
  const insert = ({ start, end, text: inserted, gap, subject }: Insertion) => {
    const at = gap === null ? ([inserted.length, inserted.length] as const) : gap;
    pending.current = [start + at[0], start + at[1]];
    onChange(value.slice(0, start) + inserted + value.slice(end));
    if (subject !== null) onSubject?.(subject);
  };
  const canned = useCanned(context, insert);
  const { isOpen, offered, active, choose } = canned;
  // At once: the next letter may be typed before an effect runs.
  useLayoutEffect(() => {
    if (pending.current === null || area.current === null) return;
    area.current.focus();
    area.current.setSelectionRange(...pending.current);
    pending.current = null;
  }, [value]);
  const listId = `${id}-list`;
  const optionId = (n: number) => `${id}-${n}`;
  useEffect(() => {
    if (isOpen) document.getElementById(optionId(active))?.scrollIntoView({ block: 'nearest' });
  }, [isOpen, active]);
  const track = ({ currentTarget: { value: all, selectionEnd } }: { readonly currentTarget: HTMLTextAreaElement }) =>
    canned.track(all, selectionEnd);
  // A text of several lines can't have the role of a combobox; a text field may point to a list all the same.
  const pointers = {
    'aria-autocomplete': 'list',
    'aria-haspopup': 'listbox',
    ...(isOpen && { 'aria-controls': listId }),
    ...(isOpen && offered.length > 0 && { 'aria-activedescendant': optionId(active) }),
  } as const;
  return (
    <div class="canned">
      <textarea
        ref={area}
        aria-label={label}
        {...(context !== null && pointers)}
        rows={4}
        maxLength={100_000}
        placeholder={hint}
        value={value}
        onKeyDown={(event) => {
          const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey && !event.isComposing;
          if (isPlain && canned.press(event.key)) event.preventDefault();
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
      {context !== null && (
        <span class="announce" role="status">
          {isOpen && (offered.length === 0 ? text.noCanned : plural(language, offered.length, text.cannedCount))}
        </span>
      )}
      {isOpen && offered.length > 0 && (
        <div id={listId} role="listbox" aria-label={text.cannedAnswers}>
          {offered.map((answer, n) => (
            <div
              key={answer.id}
              id={optionId(n)}
              role="option"
              tabIndex={-1}
              aria-selected={n === active}
              // The focus stays in the text, and so do the keys.
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => choose(answer)}
              onKeyDown={() => {}}
            >
              <b>{answer.title}</b>
              {answer.language !== null && <span class="chip">{answer.language.toUpperCase()}</span>}
              <span class="quiet">{answer.text.slice(0, 100)}</span>
            </div>
          ))}
        </div>
      )}
    </div>
  );
}
