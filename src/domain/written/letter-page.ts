/** A letter as its sender sees it, sanitised. */
export interface LetterPage {
  readonly url: string;
  /** Whether the letter has its own formatting. Otherwise it is text with its quoted history folded. */
  readonly styled: boolean;
  /** Whether it refers to pictures on other servers, which `?images=1` shows. */
  readonly remoteImages: boolean;
}
