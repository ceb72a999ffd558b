import { beginning } from '../../domain/base/clean-text.ts';

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
  walk(body, [], found, { label: null, depth: 0 });
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
  const label = [node.label, node.title, node.question, node.name]
    .map((one) => textOfLabel(one))
    .find((text) => text !== null);
  return label === undefined || label === null ? null : { label, value };
}

/** A label, also one that is told per language or as a part of a question. */
function textOfLabel(label: unknown, depth = 0): string | null {
  if (typeof label === 'string') return label.trim() === '' ? null : label;
  if (typeof label !== 'object' || label === null || depth > deepest) return null;
  const { ru, en, label: inner, slug } = label as Record<string, unknown>;
  return [ru, en, inner, slug].map((one) => textOfLabel(one, depth + 1)).find((text) => text !== null) ?? null;
}

interface Within {
  readonly label: string | null;
  readonly depth: number;
}

/** `depth` grows with each step into something, also where that adds nothing to the path. */
function walk(node: unknown, path: readonly string[], found: FormField[], { label, depth }: Within): void {
  if (node === null || node === undefined) return;
  if (typeof node !== 'object') {
    add(found, path, label ?? path.filter((step) => !/^\d+$/.test(step)).at(-1) ?? '', String(node));
    return;
  }
  const within = { label, depth: depth + 1 };
  if (depth > deepest) throw new FormTooLargeError(`fields are nested more than ${deepest} deep`);
  if (Array.isArray(node)) {
    if (node.every((one) => typeof one !== 'object' && one !== null)) {
      if (node.length > 0) walk(node.map(String).join(', '), path, found, within);
      return;
    }
    for (const [i, one] of node.entries()) walk(one, [...path, String(i)], found, within);
    return;
  }
  const record = node as Readonly<Record<string, unknown>>;
  const told = described(record);
  if (told !== null) {
    const type = typeof record.type === 'string' ? record.type : null;
    // `[{name, value}]`: an entry of a list is called by its own name.
    const named = typeof record.name === 'string' && /^\d+$/.test(path.at(-1) ?? '') ? [record.name] : path;
    walk(told.value, type === null ? named : [...path, type], found, { ...within, label: told.label });
    return;
  }
  for (const [key, value] of Object.entries(record)) walk(value, [...path, key], found, within);
}

function add(found: FormField[], path: readonly string[], label: string, value: string): void {
  const name = path.join('.').toLowerCase();
  if (name === '' || value.trim() === '') return;
  if (found.length >= mostFields) throw new FormTooLargeError(`more than ${mostFields} fields`);
  if (name.length > longestName) throw new FormTooLargeError(`a field's name is longer than ${longestName} characters`);
  if (value.length > longestValue) throw new FormTooLargeError(`a field is longer than ${longestValue} characters`);
  found.push({ name, label: beginning(label, longestName), value });
}
