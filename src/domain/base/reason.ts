/** A value of a reason. It may be a list of other reasons, such as why each member of a group cannot be reached. */
export type ReasonValue = string | number | readonly string[] | Reason | readonly Reason[];

/**
 * An explanation as a code with values. It is stored and sent in this form, and readers build the text in their language from the
 * code. `said` is the answer of an outside service in that service's language: texts of the API end with it, translations omit
 * it.
 */
export interface Reason {
  readonly code: string;
  readonly values: Readonly<Record<string, ReasonValue>>;
}

type ValuesOf<Phrase extends string> = Phrase extends `${string}{${infer Name}}${infer Rest}`
  ? { readonly [Key in Name]: ReasonValue } & ValuesOf<Rest>
  : unknown;

interface Said {
  readonly said?: string | null | undefined;
}

/** The values that a phrase needs: one for each `{name}` in it. */
export type PhraseValues<Phrase extends string> =
  unknown extends ValuesOf<Phrase> ? [values?: Said] : [values: ValuesOf<Phrase> & Said];

/** The placeholders of a phrase. */
const placeholders = /\{(\w+)\}/g;

/** Fills the values into a phrase; `words` formats one value. */
export function fillPhrase(
  phrase: string,
  values: Reason['values'],
  words: (value: ReasonValue, name: string) => string,
): string {
  return phrase.replace(placeholders, (_, name: string) => words(values[name] ?? '', name));
}

/** Whether a value is another reason. */
export function isReason(value: ReasonValue | undefined): value is Reason {
  return typeof value === 'object' && !Array.isArray(value);
}

/** A value as text: lists of names are separated by commas, lists of reasons by semicolons. */
export function valueText(
  value: ReasonValue,
  reasonText: (reason: Reason) => string,
  nameText: (name: string) => string = String,
): string {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return nameText(value);
  if (isReason(value)) return reasonText(value);
  const parts = value.map((one) => (typeof one === 'string' ? nameText(one) : reasonText(one)));
  return parts.join(value.some((one) => typeof one === 'object') ? '; ' : ', ');
}
