/** A value of a request: what JSON can hold, and what PHP makes of a form. */
export type Value = string | number | boolean | null | readonly Value[] | Fields;
/** Named values. */
export interface Fields {
  readonly [name: string]: Value;
}

/** Whether a value is an object. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A scalar as text; null for objects and for what is absent. */
export function textOf(value: unknown): string | null {
  if (typeof value === 'boolean') return value ? '1' : '';
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
}

/** The items of an array, or of an object, which PHP does not tell apart. */
export function itemsOf(value: Value | undefined): readonly Value[] | null {
  if (Array.isArray(value)) return value;
  return isFields(value) ? Object.values(value) : null;
}

/** Reads `a[b][0]=c` as PHP does. */
export function readForm(text: string): Fields {
  const root: Nested = new Map();
  for (const [key, value] of new URLSearchParams(text)) {
    const names = key.includes('[') ? [key.slice(0, key.indexOf('[')), ...bracketed(key)] : [key];
    let at = root;
    for (const name of names.slice(0, -1)) {
      const step = name === '' ? String(at.size) : name;
      const inner = at.get(step);
      if (inner instanceof Map) {
        at = inner;
        continue;
      }
      const made: Nested = new Map();
      at.set(step, made);
      at = made;
    }
    const last = names.at(-1) ?? '';
    at.set(last === '' && names.length > 1 ? String(at.size) : last, value);
  }
  return fieldsOf(root);
}

type Nested = Map<string, string | Nested>;

function bracketed(key: string): readonly string[] {
  return [...key.matchAll(/\[([^\]]*)\]/g)].map(([, name = '']) => name);
}

function fieldsOf(nested: Nested): Fields {
  return Object.fromEntries(
    [...nested].map(([name, value]) => [name, typeof value === 'string' ? value : listOrFields(value)]),
  );
}

function listOrFields(nested: Nested): Value {
  const fields = fieldsOf(nested);
  const isList = [...nested.keys()].every((key, index) => key === String(index));
  return isList ? Object.values(fields) : fields;
}

/** Writes nested values with bracketed keys, as Bitrix24 sends its events. */
export function writeForm(fields: Fields): string {
  const form = new URLSearchParams();
  const add = (key: string, value: Value): void => {
    if (Array.isArray(value)) value.forEach((item: Value, index) => void add(`${key}[${index}]`, item));
    else if (isFields(value)) for (const [name, inner] of Object.entries(value)) add(`${key}[${name}]`, inner);
    else form.append(key, textOf(value) ?? '');
  };
  for (const [name, value] of Object.entries(fields)) add(name, value);
  return form.toString();
}
