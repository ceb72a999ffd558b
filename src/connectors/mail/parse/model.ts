/** An e-mail address with the name that stands before it. */
export interface MailAddress {
  readonly address: string;
  readonly name: string | null;
}

/** A letter's headers as they were read. */
export interface LetterHead {
  /** Without its brackets; null where it has none. */
  readonly messageId: string | null;
  /** Ids of what it answers, nearest first. */
  readonly answers: readonly string[];
  /** Id of the first letter of its conversation, where it names any. */
  readonly root: string | null;
  readonly from: MailAddress | null;
  readonly replyTo: MailAddress | null;
  readonly to: readonly MailAddress[];
  readonly cc: readonly MailAddress[];
  readonly bcc: readonly MailAddress[];
  /** What mail servers wrote down of whom it was for: Delivered-To, X-Original-To, Envelope-To. */
  readonly deliveredTo: readonly string[];
  /** As the header says it, for telling letters apart. */
  readonly dateText: string;
  /** Milliseconds since the epoch; null where the header is none that can be read. */
  readonly date: number | null;
  readonly subject: string | null;
  /** All values of a header, by its name in lower case. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
}

/** A letter as it was read, without its files. */
export interface Letter extends LetterHead {
  /** The plain text, or the HTML as text. */
  readonly text: string;
  readonly html: string | null;
}

/** A file of a letter that is small enough to be held. */
export interface LetterFile {
  readonly name: string;
  readonly mime: string;
  /** What the HTML calls it by, without its brackets. */
  readonly contentId: string | null;
  readonly content: Uint8Array;
}
