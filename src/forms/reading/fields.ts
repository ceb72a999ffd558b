import { beginning } from '../../domain/base/clean-text.ts';
import { nested, stepsOf } from './pairs.ts';
import { type FormObject, objectOf } from './shapes/shape.ts';
import { withoutShape } from './shapes/shapes.ts';

/** A field of a submitted form. */
export interface FormField {
  /** The technical name in lower case; nested names are joined as in `fields.phone.0.value`. */
  readonly name: string;
  /** The label for people: the form's own, else the name as sent. */
  readonly label: string;
  readonly value: string;
  /** The service's name for the kind of field, such as `email`; null if it does not tell. */
  readonly type: string | null;
  /** Never the visitor's own name, phone and so on, whatever it looks like. */
  readonly plain: boolean;
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
  return fieldsOf(Array.isArray(body) ? body : withoutShape(body as FormObject));
}

/** Reads the fields of an urlencoded or multipart body. `a[b][0]` becomes the nested name `a.b.0`. */
export function fieldsOfPairs(pairs: Iterable<readonly [string, string]>): readonly FormField[] {
  const list = [...pairs];
  const only = list.length === 1 ? objectOf(list[0]?.[1]) : null;
  // Some scripts post their JSON as the value of a single field.
  if (only !== null) return fieldsOf(withoutShape(only));
  const body = nested(list);
  const known = withoutShape(body);
  if (known !== body || isLabelled(list)) return fieldsOf(known);
  const found: FormField[] = [];
  const lists = new Map<string, number>();
  for (const [key, value] of list) {
    const path = stepsOf(key);
    const at = lists.get(key);
    const earlier = at === undefined ? undefined : found[at];
    if (at !== undefined && earlier !== undefined) found[at] = { ...earlier, value: joined(earlier.value, value) };
    else if (add(found, path, { label: path.at(-1) === undefined ? '' : key, value }) && key.endsWith('[]'))
      lists.set(key, found.length - 1);
  }
  return found;
}

/** Several choices of one field. */
function joined(before: string, value: string): string {
  return value.trim() === '' ? before : bounded(`${before}, ${value}`);
}

/** Whether pairs have names such as `fields[1][title]` and `fields[1][value]`. */
function isLabelled(pairs: readonly (readonly [string, string])[]): boolean {
  const keys = new Set(pairs.map(([key]) => key));
  return pairs.some(([key]) => {
    const base = /\[(?:value|answer)\]$/.test(key) ? key.slice(0, key.lastIndexOf('[')) : null;
    return base !== null && ['label', 'title', 'name', 'question'].some((name) => keys.has(`${base}[${name}]`));
  });
}

function fieldsOf(body: unknown): readonly FormField[] {
  const found: FormField[] = [];
  walk(body, [], found, { label: null, depth: 0, type: null, plain: false });
  return found;
}

/** Reads an object that has its own label: `{label | title | name | question, value | answer | response}`, or `{q, a}`. */
function labelled(node: FormObject): { label: string; value: unknown } | null {
  const names = ['value', 'answer', 'response', ...('q' in node ? ['a'] : [])].filter((name) => name in node);
  if (names.length === 0) return null;
  const label = [node.label, node.title, node.question, node.name, node.q]
    .map((one) => textOfLabel(one))
    .find((text) => text !== null);
  const value = names.map((name) => node[name]).find((one) => one !== null && one !== undefined);
  return label === undefined || label === null ? null : { label, value };
}

/** The text of a label. It may be nested: by language, or as part of a question. */
function textOfLabel(label: unknown, depth = 0): string | null {
  if (typeof label === 'string') return label.trim() === '' ? null : label;
  if (typeof label !== 'object' || label === null || depth > maxDepth) return null;
  const { ru, en, label: inner, slug } = label as Record<string, unknown>;
  return [ru, en, inner, slug].map((one) => textOfLabel(one, depth + 1)).find((text) => text !== null) ?? null;
}

interface Within extends Pick<FormField, 'type' | 'plain'> {
  readonly label: string | null;
  readonly depth: number;
}

/** Collects the fields of a JSON value. `depth` counts all levels, including those that do not appear in the path. */
function walk(node: unknown, path: readonly string[], found: FormField[], around: Within): void {
  if (node === null || node === undefined) return;
  const { label, depth } = around;
  if (typeof node !== 'object') {
    const named = label ?? path.filter((step) => !/^(?:\d+|value)$/i.test(step)).at(-1) ?? path.join('.');
    add(found, path, { ...around, label: named, value: String(node) });
    return;
  }
  const within = { ...around, depth: depth + 1 };
  if (depth > maxDepth) throw new FormTooLargeError(`expected at most ${maxDepth} levels of nested fields`);
  if (Array.isArray(node)) {
    if (node.every((one) => typeof one !== 'object' && one !== null)) {
      if (node.length > 0) walk(node.map(String).join(', '), path, found, within);
      return;
    }
    for (const [i, one] of node.entries()) walk(one, [...path, String(i)], found, within);
    return;
  }
  const record = node as FormObject;
  const entry = labelled(record);
  if (entry !== null) {
    const type = typeof record.type === 'string' ? record.type : null;
    // In a list like `[{name, value}]`, an entry is identified by its own name.
    const base = typeof record.name === 'string' && /^\d+$/.test(path.at(-1) ?? '') ? [record.name] : path;
    const field = { ...within, label: entry.label, type, plain: within.plain || record.plain === true };
    walk(entry.value, type === null ? base : [...path, type], found, field);
    return;
  }
  // The name beside an address is that of a file.
  const isFile = depth > 0 && /^\d+$/.test(path.at(-1) ?? '') && 'url' in record && 'name' in record;
  const inner = isFile ? { ...within, plain: true } : within;
  for (const [key, value] of Object.entries(record)) walk(value, [...path, key], found, inner);
}

/** Adds a field that is filled in. */
function add(
  found: FormField[],
  path: readonly string[],
  { label, value, type = null, plain = false }: Pick<FormField, 'label' | 'value'> & Partial<FormField>,
): boolean {
  const name = path.join('.').toLowerCase();
  if (name === '' || value.trim() === '') return false;
  if (found.length >= maxFields) throw new FormTooLargeError(`expected at most ${maxFields} fields`);
  if (name.length > maxNameLength)
    throw new FormTooLargeError(`expected field names of at most ${maxNameLength} characters`);
  found.push({ name, label: beginning(label, maxNameLength), value: bounded(value), type, plain });
  return true;
}

function bounded(value: string): string {
  if (value.length > maxValueLength)
    throw new FormTooLargeError(`expected field values of at most ${maxValueLength} characters`);
  return value;
}
