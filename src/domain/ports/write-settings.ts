/** Settings that carrying out a write needs besides the tables. */
export interface WriteSettings {
  /** The region of numbers without a country code. */
  readonly country: string;
  /** The public address of this program; links to recordings and attachments begin with it. */
  readonly publicUrl: string;
  /** Additional public mail providers, where an address says nothing about the sender's company. */
  readonly publicMail?: readonly string[];
  /** Directory sources in order of precedence. */
  readonly sources?: readonly string[];
}
