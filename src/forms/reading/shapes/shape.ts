/** A part of a form's body with names. */
export type FormObject = Readonly<Record<string, unknown>>;

/** A field that says its own question; see `fields.ts`. */
export interface Question {
  readonly label: string;
  readonly value: unknown;
  /** The service's name for the kind of field: `email`, `phone_number`. */
  readonly type?: string | undefined;
  /** Never the visitor's own name, phone and so on, whatever it looks like. */
  readonly plain?: true;
}

/** How a service lays out a submission, if it is not simply names and values. */
export interface FormShape {
  readonly service: string;
  /** The same submission as plain names and questions, without the service's own data; null if it is of another shape. */
  rewrite(body: FormObject): FormObject | null;
}

/** A value as an object, also if it is JSON in a text; null for anything else. */
export function objectOf(value: unknown): FormObject | null {
  const read = typeof value === 'string' ? parsed(value) : value;
  return typeof read === 'object' && read !== null && !Array.isArray(read) ? (read as FormObject) : null;
}

/** A value as a list, also if it is JSON in a text or an object with numbers as names; null for anything else. */
export function listOf(value: unknown): readonly unknown[] | null {
  const read = typeof value === 'string' ? parsed(value) : value;
  if (Array.isArray(read)) return read;
  if (typeof read !== 'object' || read === null) return null;
  const entries = Object.entries(read);
  return entries.length > 0 && entries.every(([name]) => /^\d{1,4}$/.test(name)) ? entries.map(([, one]) => one) : null;
}

/** A text, number or boolean as text; empty for anything else. */
export function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value).trim()
    : '';
}

/** The name of an object's entry, whatever its case; undefined if there is none. */
export function nameIn(body: FormObject, name: string): string | undefined {
  return Object.hasOwn(body, name) ? name : Object.keys(body).find((one) => one.toLowerCase() === name);
}

function parsed(text: string): unknown {
  if (!/^\s{0,20}[{[]/.test(text)) return null;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
