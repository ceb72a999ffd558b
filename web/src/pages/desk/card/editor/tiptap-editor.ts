import { Editor } from '@tiptap/core';
import { Fragment, type Node, type Schema, Slice } from '@tiptap/pm/model';
import { TextSelection } from '@tiptap/pm/state';
import { StarterKit } from '@tiptap/starter-kit';
import type { EditorEvents, Format, LetterEditor } from './letter-editor.ts';
import { plainText } from './plain-text.ts';

/** Makes an editor within an element. Loaded only when somebody formats a letter. */
export function createTiptapEditor(
  parent: HTMLElement,
  { html, attributes }: { readonly html: string; readonly attributes: Readonly<Record<string, string>> },
  events: EditorEvents,
): LetterEditor {
  const forForm = (_: unknown, event: ClipboardEvent | DragEvent) =>
    events.isForForm('clipboardData' in event ? event.clipboardData : event.dataTransfer);
  const editor = new Editor({
    element: parent,
    // The page's own style sheet has these rules.
    injectCSS: false,
    content: html,
    extensions: [
      StarterKit.configure({
        heading: false,
        code: false,
        codeBlock: false,
        horizontalRule: false,
        dropcursor: false,
        trailingNode: false,
        link: {
          openOnClick: false,
          defaultProtocol: 'https',
          HTMLAttributes: { target: null, rel: null },
          isAllowedUri: (address) => /^(https?:|mailto:|tel:)/i.test(address),
        },
      }),
    ],
    editorProps: {
      attributes: { ...attributes },
      handleKeyDown: (_, event) => events.onKey(event),
      // True keeps the editor's hands off; the event goes on to the form.
      handleDOMEvents: { paste: forForm, drop: forForm },
    },
    onUpdate: () => events.onChange(),
    onTransaction: () => events.onMove(),
  });
  return new TiptapEditor(editor);
}

class TiptapEditor implements LetterEditor {
  readonly #editor: Editor;

  constructor(editor: Editor) {
    this.#editor = editor;
  }

  get element(): HTMLElement {
    return this.#editor.view.dom;
  }

  html(): string {
    return this.#editor.isEmpty ? '' : this.#editor.getHTML();
  }

  text(): string {
    return plainText(this.#editor.getJSON());
  }

  setHtml(html: string): void {
    this.#editor.commands.setContent(html, { emitUpdate: false });
  }

  focus(): void {
    // The command of Tiptap waits for a frame, in which what is typed would be lost.
    this.#editor.view.focus();
  }

  isActive(format: Format): boolean {
    return this.#editor.isActive(format);
  }

  toggle(format: Format): void {
    this.focus();
    const chain = this.#editor.chain();
    const toggles: Readonly<Record<Format, () => typeof chain>> = {
      bold: () => chain.toggleBold(),
      italic: () => chain.toggleItalic(),
      underline: () => chain.toggleUnderline(),
      strike: () => chain.toggleStrike(),
      bulletList: () => chain.toggleBulletList(),
      orderedList: () => chain.toggleOrderedList(),
      blockquote: () => chain.toggleBlockquote(),
    };
    toggles[format]().run();
  }

  link(): string | null {
    const href: unknown = this.#editor.getAttributes('link').href;
    return typeof href === 'string' ? href : null;
  }

  setLink(href: string | null): void {
    this.focus();
    const chain = this.#editor.chain().extendMarkRange('link');
    if (href === null) chain.unsetLink().run();
    else if (this.#editor.state.selection.empty && this.link() === null) {
      const text = href.replace(/^(mailto|tel):/, '');
      chain.insertContent({ type: 'text', text, marks: [{ type: 'link', attrs: { href } }] }).run();
    } else chain.setLink({ href }).run();
  }

  place() {
    const { $from, empty } = this.#editor.state.selection;
    if (!empty || !$from.parent.isTextblock) return null;
    // A line break counts as one character, as it does in positions.
    const text = $from.parent.textBetween(0, $from.parent.content.size, undefined, '\n');
    return { text, caret: $from.parentOffset };
  }

  replace(start: number, end: number, text: string, [from, to]: readonly [number, number]): void {
    const { state, view } = this.#editor;
    const at = state.selection.$from.start();
    // The first and the last paragraph join the text around them.
    const slice = new Slice(Fragment.from(paragraphs(text, state.schema)), 1, 1);
    const transaction = state.tr.replaceRange(at + start, at + end, slice);
    // The end of a paragraph and the beginning of the next are two positions, like the two line breaks in the text.
    const selection = TextSelection.create(transaction.doc, at + start + from, at + start + to);
    view.dispatch(transaction.setSelection(selection).scrollIntoView());
    this.focus();
  }

  destroy(): void {
    this.#editor.destroy();
  }
}

function paragraphs(text: string, schema: Schema): readonly Node[] {
  return text.split('\n\n').map((paragraph) => {
    const lines = paragraph
      .split('\n')
      .flatMap((line, i) => [
        ...(i === 0 ? [] : [schema.node('hardBreak')]),
        ...(line === '' ? [] : [schema.text(line)]),
      ]);
    return schema.node('paragraph', null, lines);
  });
}
