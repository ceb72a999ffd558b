/** What the toolbar of the editor does to the selected words or the lines of the selection. */
export const formats = ['bold', 'italic', 'underline', 'strike', 'bulletList', 'orderedList', 'blockquote'] as const;
/** One of {@link formats}. */
export type Format = (typeof formats)[number];

/** A place in the text: the words of the paragraph that holds the caret, and where the caret stands in them. */
export interface CaretPlace {
  readonly text: string;
  readonly caret: number;
}

/** An editor of formatted text. Its library is loaded when the first one is made. */
export interface LetterEditor {
  /** The editable element. */
  readonly element: HTMLElement;
  /** What the letter says, as HTML; empty if it says nothing. */
  html(): string;
  /** The same without formatting. */
  text(): string;
  setHtml(html: string): void;
  focus(): void;
  isActive(format: Format): boolean;
  toggle(format: Format): void;
  /** The address of the link at the caret, or null. */
  link(): string | null;
  /** Makes the selected words a link, or inserts the address itself if none are selected. Null removes the link. */
  setLink(href: string | null): void;
  /** Where the caret stands; null while several words are selected. */
  place(): CaretPlace | null;
  /** Replaces a part of the paragraph that holds the caret, and selects a part of the inserted text. */
  replace(start: number, end: number, text: string, selected: readonly [start: number, end: number]): void;
  destroy(): void;
}

/** What an editor reports to its form. */
export interface EditorEvents {
  onChange(): void;
  /** The caret or the formats at it have changed. */
  onMove(): void;
  /** Handles a key; true if it was used. */
  onKey(event: KeyboardEvent): boolean;
  /** Whether what is pasted or dropped is for the form: files. */
  isForForm(data: DataTransfer | null): boolean;
}
