import { beginning } from '../../domain/base/clean-text.ts';

/** A field of a submitted form. */
export interface FormField {
  /** The technical name in lower case; nested names are joined as in `fields.phone.0.value`. */
  readonly name: string;
  /** The label for people: the form's own, else the name as sent. */
  readonly label: string;
  readonly value: string;
}

/** Limits of a submission. Real forms stay far below them, so a larger submission is rejected rather than truncated. */
export const maxFields = 200;
export const maxNameLength = 200;
export const maxValueLength = 20_000;
const maxDepth = 6;

/** The submission exceeds a limit of its fields. */
export class FormTooLargeError extends Error {}

/** Reads the fields of a JSON body. Null if it is not an object. */
export function fieldsOfJson(body: unknown): readonly FormField[] | null {
  if (typeof body !== 'object' || body === null) return null;
  const found: FormField[] = [];
  walk(body, [], found, { label: null, depth: 0 });
  return found;
}

/** Reads the fields of an urlencoded or multipart body. `a[b][0]` becomes the nested name `a.b.0`. */
export function fieldsOfPairs(pairs: Iterable<readonly [string, string]>): readonly FormField[] {
  const found: FormField[] = [];
  for (const [key, value] of pairs) {
    // Many forms use brackets: fields[phone][0][VALUE], phone[].
    const path = key.split(/[[\]]+|\./).filter((step) => step !== '');
    add(found, path, path.at(-1) === undefined ? '' : key, value);
  }
  return found;
}

/** Reads an object that has its own label: `{label | title | name | question, value | answer}`. */
function labelled(node: Readonly<Record<string, unknown>>): { label: string; value: unknown } | null {
  const value = node.value ?? node.answer;
  if (value === undefined) return null;
  const label = [node.label, node.title, node.question, node.name]
    .map((one) => textOfLabel(one))
    .find((text) => text !== null);
  return label === undefined || label === null ? null : { label, value };
}

/** The text of a label. It may be nested: by language, or as part of a question. */
function textOfLabel(label: unknown, depth = 0): string | null {
  if (typeof label === 'string') return label.trim() === '' ? null : label;
  if (typeof label !== 'object' || label === null || depth > maxDepth) return null;
  const { ru, en, label: inner, slug } = label as Record<string, unknown>;
  return [ru, en, inner, slug].map((one) => textOfLabel(one, depth + 1)).find((text) => text !== null) ?? null;
}

interface Within {
  readonly label: string | null;
  readonly depth: number;
}

/** Collects the fields of a JSON value. `depth` counts all levels, including those that do not appear in the path. */
function walk(node: unknown, path: readonly string[], found: FormField[], { label, depth }: Within): void {
  if (node === null || node === undefined) return;
  if (typeof node !== 'object') {
    add(found, path, label ?? path.filter((step) => !/^\d+$/.test(step)).at(-1) ?? '', String(node));
    return;
  }
  const within = { label, depth: depth + 1 };
  if (depth > maxDepth) throw new FormTooLargeError(`expected at most ${maxDepth} levels of nested fields`);
  if (Array.isArray(node)) {
    if (node.every((one) => typeof one !== 'object' && one !== null)) {
      if (node.length > 0) walk(node.map(String).join(', '), path, found, within);
      return;
    }
    for (const [i, one] of node.entries()) walk(one, [...path, String(i)], found, within);
    return;
  }
  const record = node as Readonly<Record<string, unknown>>;
  const entry = labelled(record);
  if (entry !== null) {
    const type = typeof record.type === 'string' ? record.type : null;
    // In a list like `[{name, value}]`, an entry is identified by its own name.
    const base = typeof record.name === 'string' && /^\d+$/.test(path.at(-1) ?? '') ? [record.name] : path;
    walk(entry.value, type === null ? base : [...path, type], found, { ...within, label: entry.label });
    return;
  }
  for (const [key, value] of Object.entries(record)) walk(value, [...path, key], found, within);
}

function add(found: FormField[], path: readonly string[], label: string, value: string): void {
  const name = path.join('.').toLowerCase();
  if (name === '' || value.trim() === '') return;
  if (found.length >= maxFields) throw new FormTooLargeError(`expected at most ${maxFields} fields`);
  if (name.length > maxNameLength)
    throw new FormTooLargeError(`expected field names of at most ${maxNameLength} characters`);
  if (value.length > maxValueLength)
    throw new FormTooLargeError(`expected field values of at most ${maxValueLength} characters`);
  found.push({ name, label: beginning(label, maxNameLength), value });
}
