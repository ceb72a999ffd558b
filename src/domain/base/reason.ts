/** What differs from one use of a reason to the next. A reason can carry others: why nobody of a group can be reached. */
export type ReasonValue = string | number | readonly string[] | Reason | readonly Reason[];

/**
 * Why something is as it is: a code, and the values that belong to it. It is stored and sent in this form; readers make the words of
 * their language from the code. `said` holds what an outside service answered, in that service's own language: API texts end
 * with it, translations leave it out.
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

/** The places of a phrase. */
const places = /\{(\w+)\}/g;

/** A phrase with its values filled in; `words` turns a value into text. */
export function fillPhrase(
  phrase: string,
  values: Reason['values'],
  words: (value: ReasonValue, name: string) => string,
): string {
  return phrase.replace(places, (_, name: string) => words(values[name] ?? '', name));
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
