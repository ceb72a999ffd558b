/** A signature below letters, from the configuration. At least one of `text`, `html` and `logo` is set. */
export interface Signature {
  /** With variables such as `{manager.name}`; see {@link signatureVariables}. */
  readonly text: string | null;
  /** For letters with formatting. `cid:logo` is the address of the logo. */
  readonly html: string | null;
  readonly logo: Logo | null;
  /** Name of the company, for the variable. */
  readonly company: string;
}

/** A picture that letters with formatting carry along. */
export interface Logo {
  /** Absolute path of the file. */
  readonly path: string;
  readonly mime: string;
}

/** The variables of signatures. */
export const signatureVariables = [
  'manager.name',
  'manager.extension',
  'manager.mobile',
  'manager.email',
  'manager.department',
  'company',
  'line',
] as const;

/** The name of a variable, as it stands between braces. */
export type SignatureVariable = (typeof signatureVariables)[number];
