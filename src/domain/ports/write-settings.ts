/** What carrying a write out needs besides the tables. */
export interface WriteSettings {
  /** ISO 3166 country that local numbers belong to. */
  readonly country: string;
  /** How others reach this program; recordings' and attachments' addresses begin with it. */
  readonly publicUrl: string;
  /** Further domains at which anybody has a mailbox. */
  readonly publicMail?: readonly string[];
  /** Directory sources: of those that know somebody, the first is heard. */
  readonly sources?: readonly string[];
}
