import { type Fields, itemsOf, textOf, type Value } from '../values.ts';

/** One condition of a filter. */
export interface Condition {
  readonly field: string;
  readonly operator: string;
  readonly values: readonly string[];
}

/** Splits the keys of a filter into operator and field. An array without an operator means "one of". */
export function readFilter(filter: Fields): readonly Condition[] {
  return Object.entries(filter).map(([key, value]) => {
    const [, sign = '', field = ''] = /^([!<>=@%?]*)(.*)$/s.exec(key) ?? [];
    const items = typeof value === 'object' && value !== null ? itemsOf(value) : null;
    const operator = items === null || sign === '><' || sign === '!><' ? sign : sign.startsWith('!') ? '!@' : '@';
    return { field, operator, values: (items ?? [value]).map((item) => textOf(item) ?? '') };
  });
}

/** Whether a value satisfies a condition. A field with several values satisfies it if one of them does. */
export function satisfies(value: unknown, { operator, values }: Condition): boolean {
  if (Array.isArray(value)) {
    const each = value.map((item: Value) => (item as Fields | null)?.VALUE ?? item);
    return operator.startsWith('!')
      ? each.every((one) => satisfies(textOf(one), { field: '', operator, values }))
      : each.some((one) => satisfies(textOf(one), { field: '', operator, values }));
  }
  const text = textOf(value) ?? '';
  const [wanted = ''] = values;
  switch (operator) {
    case '':
    case '=':
      return order(text, wanted) === 0;
    case '!':
    case '!=':
      return order(text, wanted) !== 0;
    case '>':
      return order(text, wanted) > 0;
    case '>=':
      return order(text, wanted) >= 0;
    case '<':
      return text !== '' && order(text, wanted) < 0;
    case '<=':
      return text !== '' && order(text, wanted) <= 0;
    case '><':
      return order(text, wanted) >= 0 && order(text, values[1] ?? '') <= 0;
    case '!><':
      return order(text, wanted) < 0 || order(text, values[1] ?? '') > 0;
    case '@':
      return values.some((one) => order(text, one) === 0);
    case '!@':
      return values.every((one) => order(text, one) !== 0);
    case '%':
    case '?':
      return text.toLowerCase().includes(wanted.toLowerCase());
    case '!%':
      return !text.toLowerCase().includes(wanted.toLowerCase());
    case '=%':
    case '%=':
      return like(text, wanted);
    case '!=%':
    case '!%=':
      return !like(text, wanted);
    default:
      throw new Error(`unknown operator ${operator}`);
  }
}

/** Compares as a database would: numbers as numbers, times as times, the rest as text without case. */
export function order(a: string, b: string): number {
  if (a === b) return 0;
  if (/^-?\d+(\.\d+)?$/.test(a) && /^-?\d+(\.\d+)?$/.test(b)) return Number(a) - Number(b);
  const times = [a, b].map((text) => (/^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN));
  if (times.every((time) => !Number.isNaN(time))) return (times[0] ?? 0) - (times[1] ?? 0);
  const [left, right] = [a.toLowerCase(), b.toLowerCase()];
  return left === right ? 0 : left < right ? -1 : 1;
}

function like(text: string, pattern: string): boolean {
  const [first = '', ...rest] = pattern.toLowerCase().split('%');
  const last = rest.pop();
  const given = text.toLowerCase();
  if (last === undefined) return given === first;
  if (!given.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = given.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return given.length - last.length >= at && given.endsWith(last);
}
