import { beginning } from '../../domain/clean-text.ts';

/** One answer of a form: what the field is called, what people see above it, and what was filled in. */
export interface FormField {
  /** The name the form gives it, in lower case; a nested one as `fields.phone.0.value`. */
  readonly name: string;
  /** What people read: the form's own label, else the name as it was written. */
  readonly label: string;
  readonly value: string;
}

/** Bounds of what a submission may hold; what is beyond is refused, not cut: a form of a site never comes near. */
export const mostFields = 200;
export const longestName = 200;
export const longestValue = 20_000;
const deepest = 6;

/** The submission has more or longer fields than any form. */
export class FormTooLargeError extends Error {}

/** Reads a JSON body into fields. Null where it is no object. */
export function fieldsOfJson(body: unknown): readonly FormField[] | null {
  if (typeof body !== 'object' || body === null) return null;
  const found: FormField[] = [];
  walk(body, [], found, null);
  return found;
}

/** Reads named values (urlencoded, multipart) into fields. `a[b][0]` is the nested name `a.b.0`. */
export function fieldsOfPairs(pairs: Iterable<readonly [string, string]>): readonly FormField[] {
  const found: FormField[] = [];
  for (const [key, value] of pairs) {
    // As many forms name them: fields[phone][0][VALUE], phone[].
    const path = key.split(/[[\]]+|\./).filter((step) => step !== '');
    add(found, path, path.at(-1) === undefined ? '' : key, value);
  }
  return found;
}

/** Objects that say themselves what they are: `{label | title | name | question, value | answer}`. */
function described(node: Readonly<Record<string, unknown>>): { label: string; value: unknown } | null {
  const value = node.value ?? node.answer;
  if (value === undefined) return null;
  const label = [node.label, node.title, node.question, node.name].map(textOfLabel).find((text) => text !== null);
  return label === undefined || label === null ? null : { label, value };
}

/** A label, also one that is told per language or as a part of a question. */
function textOfLabel(label: unknown): string | null {
  if (typeof label === 'string') return label.trim() === '' ? null : label;
  if (typeof label !== 'object' || label === null) return null;
  const { ru, en, label: inner, slug } = label as Record<string, unknown>;
  return [ru, en, inner, slug].map(textOfLabel).find((text) => text !== null) ?? null;
}

function walk(node: unknown, path: readonly string[], found: FormField[], label: string | null): void {
  if (node === null || node === undefined) return;
  if (typeof node !== 'object') {
    add(found, path, label ?? path.filter((step) => !/^\d+$/.test(step)).at(-1) ?? '', String(node));
    return;
  }
  if (path.length > deepest) throw new FormTooLargeError(`fields are nested more than ${deepest} deep`);
  if (Array.isArray(node)) {
    if (node.every((one) => typeof one !== 'object' && one !== null)) {
      if (node.length > 0) walk(node.map(String).join(', '), path, found, label);
      return;
    }
    for (const [i, one] of node.entries()) walk(one, [...path, String(i)], found, label);
    return;
  }
  const record = node as Readonly<Record<string, unknown>>;
  const told = described(record);
  if (told !== null) {
    const type = typeof record.type === 'string' ? record.type : null;
    walk(told.value, type === null ? path : [...path, type], found, told.label);
    return;
  }
  for (const [key, value] of Object.entries(record)) walk(value, [...path, key], found, label);
}

function add(found: FormField[], path: readonly string[], label: string, value: string): void {
  const name = path.join('.').toLowerCase();
  if (name === '' || value.trim() === '') return;
  if (found.length >= mostFields) throw new FormTooLargeError(`more than ${mostFields} fields`);
  if (name.length > longestName) throw new FormTooLargeError(`a field's name is longer than ${longestName} characters`);
  if (value.length > longestValue) throw new FormTooLargeError(`a field is longer than ${longestValue} characters`);
  found.push({ name, label: beginning(label, longestName), value });
}
