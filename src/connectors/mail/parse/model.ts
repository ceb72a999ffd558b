/** An e-mail address with its display name. */
export interface MailAddress {
  readonly address: string;
  readonly name: string | null;
}

/** The parsed headers of a letter. */
export interface LetterHead {
  /** Without angle brackets; null if it has none. */
  readonly messageId: string | null;
  /** Ids of the letters that it answers, nearest first. */
  readonly answers: readonly string[];
  /** Id of the first letter of its conversation, if known. */
  readonly root: string | null;
  readonly from: MailAddress | null;
  readonly replyTo: MailAddress | null;
  readonly to: readonly MailAddress[];
  readonly cc: readonly MailAddress[];
  readonly bcc: readonly MailAddress[];
  /** Recipients recorded by mail servers: Delivered-To, X-Original-To, Envelope-To. */
  readonly deliveredTo: readonly string[];
  /** The Date header as it is, part of the letter's key. */
  readonly dateText: string;
  /** Milliseconds since the epoch; null if the header is missing or invalid. */
  readonly date: number | null;
  readonly subject: string | null;
  /** All values of each header by lower-case name. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
}

/** A parsed letter without its files. */
export interface Letter extends LetterHead {
  /** The plain text, or the HTML as text. */
  readonly text: string;
  readonly html: string | null;
  /** Remarks for the reader that are no words of the writer, such as the event of an invitation. */
  readonly notes: readonly string[];
}

/** A file of a letter, held in memory. */
export interface LetterFile {
  readonly name: string;
  readonly mime: string;
  /** The Content-ID by which the HTML refers to it, without angle brackets. */
  readonly contentId: string | null;
  readonly content: Uint8Array;
}
