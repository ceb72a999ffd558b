import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { CannedList, pointersTo } from '../canned/canned-list.tsx';
import { isPlainKey } from '../canned/canned-text.tsx';
import { type CannedContext, type Insertion, selectedIn, useCanned } from '../canned/use-canned.ts';
import { filesIn } from '../files.tsx';
import type { EditorEvents, LetterEditor } from './letter-editor.ts';
import { Toolbar } from './toolbar.tsx';

interface FormattedTextProps {
  readonly label: string;
  readonly hint: string;
  readonly html: string;
  /** Changes when the form has replaced `html`, which is otherwise what the editor reported. */
  readonly replaced: number;
  /** Null: no canned answers are offered. */
  readonly context: CannedContext | null;
  onChange(html: string, text: string): void;
  /** A canned answer was inserted, which may have a subject and files of its own. */
  onInserted?(insertion: Insertion): void;
  /** The editor could not be loaded. */
  onUnavailable(): void;
}

/** The text of a letter with its formatting. A slash opens the canned answers, as in plain texts. */
export function FormattedText(props: FormattedTextProps) {
  const { label, hint, html, replaced, context, onInserted } = props;
  const id = useId();
  const parent = useRef<HTMLDivElement>(null);
  const [editor, setEditor] = useState<LetterEditor | null>(null);
  const [isLinking, setLinking] = useState(false);
  // The toolbar shows the formats at the caret.
  const [, setMoved] = useState({});
  /** What the editor begins with. */
  const latestHtml = useRef(html);
  latestHtml.current = html;
  const canned = useCanned(context, (insertion) => {
    const { start, end, text } = insertion;
    editor?.replace(start, end, text, selectedIn(insertion));
    onInserted?.(insertion);
  });
  const events = (current: LetterEditor): EditorEvents => ({
    onChange() {
      const written = current.html();
      props.onChange(written, written === '' ? '' : current.text());
    },
    onMove() {
      setMoved({});
      const place = current.place();
      if (place === null) canned.close();
      else canned.track(place.text, place.caret);
    },
    onKey(event) {
      if (isPlainKey(event) && canned.press(event.key)) return true;
      if (!event.ctrlKey && !event.metaKey) return false;
      if (event.key === 'Enter') current.element.closest('form')?.requestSubmit();
      else if (event.code === 'KeyK') setLinking(true);
      else return false;
      event.preventDefault();
      return true;
    },
    isForForm: (data) => filesIn(data).length > 0,
  });
  // The editor lives longer than one rendering, and calls the handlers of the latest.
  const latest = useRef(events);
  latest.current = events;
  useEffect(() => {
    let made: LetterEditor | null = null;
    let isGone = false;
    const use = <T,>(call: (current: EditorEvents) => T, otherwise: T): T =>
      made === null ? otherwise : call(latest.current(made));
    import('./tiptap-editor.ts').then(
      ({ createTiptapEditor }) => {
        if (isGone || parent.current === null) return;
        const attributes = { role: 'textbox', 'aria-multiline': 'true', 'aria-label': label };
        made = createTiptapEditor(
          parent.current,
          { html: latestHtml.current, attributes },
          {
            onChange: () => use((one) => one.onChange(), undefined),
            onMove: () => use((one) => one.onMove(), undefined),
            onKey: (event) => use((one) => one.onKey(event), false),
            isForForm: (data) => use((one) => one.isForForm(data), false),
          },
        );
        setEditor(made);
      },
      () => props.onUnavailable(),
    );
    return () => {
      isGone = true;
      made?.destroy();
    };
  }, []);
  // Only on that, never when `html` changes: while somebody types, the editor is ahead of it.
  useLayoutEffect(() => editor?.setHtml(latestHtml.current), [replaced]);
  useEffect(() => {
    if (editor === null) return;
    const pointers: Readonly<Record<string, string>> = context === null ? {} : pointersTo(canned, id);
    for (const name of ['aria-autocomplete', 'aria-haspopup', 'aria-controls', 'aria-activedescendant'])
      if (pointers[name] === undefined) editor.element.removeAttribute(name);
      else editor.element.setAttribute(name, pointers[name]);
    editor.element.setAttribute('aria-label', label);
  });
  return (
    <div class="canned formatted" onFocusOut={canned.close}>
      <Toolbar editor={editor} isLinking={isLinking} onLinking={setLinking} />
      <div ref={parent} class={html === '' ? 'letter-editor empty' : 'letter-editor'} data-hint={hint} />
      {context !== null && <CannedList canned={canned} id={id} />}
    </div>
  );
}
