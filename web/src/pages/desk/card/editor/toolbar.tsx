import { useRef, useState } from 'preact/hooks';
import { useText } from '../../../../i18n/language.tsx';
import { type Format, formats, type LetterEditor } from './letter-editor.ts';
import { linkAddress } from './link-address.ts';

/** Drawn by the style sheet, because a sign is no name. */
const signs: Readonly<Record<Format, string>> = {
  bold: 'B',
  italic: 'I',
  underline: 'U',
  strike: 'S',
  bulletList: '•',
  orderedList: '1.',
  blockquote: '❝',
};
const keys: Readonly<Partial<Record<Format, string>>> = {
  bold: 'Ctrl+B',
  italic: 'Ctrl+I',
  underline: 'Ctrl+U',
};

interface ToolbarProps {
  /** Null until the editor is loaded. */
  readonly editor: LetterEditor | null;
  /** Whether the address of a link is asked for. */
  readonly isLinking: boolean;
  onLinking(isLinking: boolean): void;
}

/** The formats of a letter. The arrow keys lead from button to button, so that Tab needs one step only. */
export function Toolbar({ editor, isLinking, onLinking }: ToolbarProps) {
  const text = useText();
  const [current, setCurrent] = useState(0);
  const bar = useRef<HTMLDivElement>(null);
  const count = formats.length + 1;
  const steps: Readonly<Record<string, (at: number) => number>> = {
    ArrowRight: (at) => (at + 1) % count,
    ArrowLeft: (at) => (at + count - 1) % count,
    Home: () => 0,
    End: () => count - 1,
  };
  const rove = (event: KeyboardEvent) => {
    const next = steps[event.key]?.(current);
    if (next === undefined) return;
    event.preventDefault();
    setCurrent(next);
    bar.current?.querySelectorAll('button')[next]?.focus();
  };
  const button = (n: number) => ({
    type: 'button' as const,
    class: 'small',
    disabled: editor === null,
    tabIndex: n === current ? 0 : -1,
    onFocus: () => setCurrent(n),
    // The text keeps its selection.
    onMouseDown: (event: MouseEvent) => event.preventDefault(),
  });
  return (
    <>
      <div ref={bar} role="toolbar" aria-label={text.formatting} class="formats" onKeyDown={rove}>
        {formats.map((format, n) => (
          <button
            key={format}
            {...button(n)}
            class={`small ${format}`}
            aria-label={text[`format_${format}`]}
            aria-pressed={editor?.isActive(format) ?? false}
            title={[text[`format_${format}`], keys[format]].filter(Boolean).join(' · ')}
            data-sign={signs[format]}
            onClick={() => editor?.toggle(format)}
          />
        ))}
        <button
          {...button(formats.length)}
          aria-label={text.format_link}
          aria-expanded={isLinking}
          title={`${text.format_link} · Ctrl+K`}
          data-sign="↗"
          onClick={() => onLinking(!isLinking)}
        />
      </div>
      {isLinking && editor !== null && <LinkForm editor={editor} onDone={() => onLinking(false)} />}
    </>
  );
}

/** Asks for the address of a link. It is no form of its own, because it stands in the form of the letter. */
function LinkForm({ editor, onDone }: { readonly editor: LetterEditor; onDone(): void }) {
  const text = useText();
  const before = editor.link();
  const [typed, setTyped] = useState(before ?? '');
  const address = linkAddress(typed);
  const finish = (href: string | null) => {
    onDone();
    editor.setLink(href);
  };
  return (
    <fieldset
      class="link-form"
      aria-label={text.format_link}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        onDone();
        editor.focus();
      }}
    >
      <input
        aria-label={text.linkAddress}
        placeholder="https://"
        maxLength={2000}
        value={typed}
        ref={focusAtOnce}
        onInput={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return;
          event.preventDefault();
          if (address !== null) finish(address);
        }}
      />
      <button type="button" disabled={address === null} onClick={() => finish(address)}>
        {text.setLink}
      </button>
      {before !== null && (
        <button type="button" onClick={() => finish(null)}>
          {text.removeLink}
        </button>
      )}
    </fieldset>
  );
}

function focusAtOnce(input: HTMLInputElement | null): void {
  input?.focus();
}
