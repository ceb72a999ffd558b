/** Settings for carrying out writes. */
export interface WriteSettings {
  /** ISO 3166 country that local numbers belong to. */
  readonly country: string;
  /** The public root URL, with which the URLs of recordings and attachments begin. */
  readonly publicUrl: string;
  /** Further domains at which anybody has a mailbox. */
  readonly publicMail?: readonly string[];
  /** Directory sources, in order of precedence. */
  readonly sources?: readonly string[];
}
