import { id, parseJson, text, word } from '../../runtime/http/fields.ts';

/** Maximum lines of readable data; more data is shown as it is. */
const maxLines = 500;
const maxDepth = 20;
const maxLinks = 100;
const maxAddress = 2000;

/**
 * Formats data that a program wrote, such as an order of a mini application, as lines of names and values. Text that is not JSON stays as
 * it is. `nameOf` may shorten the names, or leave an entry out by returning null.
 */
export function readableData(data: string, nameOf: (name: string) => string | null = (name) => name): string {
  const value = parseJson(data);
  if (typeof value !== 'object' || value === null) return data;
  const lines = linesOf(value, [], nameOf);
  return lines === null || lines.length === 0 ? data : lines.join('\n');
}

/** Null if there is too much of it. */
function linesOf(
  value: object,
  path: readonly string[],
  nameOf: (name: string) => string | null,
): readonly string[] | null {
  if (path.length > maxDepth) return null;
  const found: string[] = [];
  for (const [key, one] of Object.entries(value)) {
    const name = Array.isArray(value) ? String(Number(key) + 1) : nameOf(key);
    if (name === null || one === null || one === '') continue;
    const at = [...path, name];
    const lines = typeof one === 'object' ? linesOf(one, at, nameOf) : [`${at.join('.')}: ${one}`];
    if (lines === null || found.length + lines.length > maxLines) return null;
    found.push(...lines);
  }
  return found;
}

/** A link that covers a part of a text, in UTF-16 units. */
export interface CoveredLink {
  readonly from: unknown;
  readonly length: unknown;
  readonly url: unknown;
}

/** The addresses of links whose text does not show them, one a line. */
export function hiddenLinks(shown: string | null, links: readonly CoveredLink[]): string | null {
  const all = shown ?? '';
  const lines = links.slice(0, maxLinks).flatMap(({ from, length, url }) => {
    const address = word(url, maxAddress);
    if (address === null || all.includes(address)) return [];
    const [start, size] = [Number(id(from) ?? Number.NaN), Number(id(length) ?? Number.NaN)];
    const covered = word(all.slice(start, start + size), 80);
    return [covered === null || covered === '' ? address : `${covered}: ${address}`];
  });
  return lines.length === 0 ? null : [...new Set(lines)].join('\n');
}

/** An ordered article with its quantity and price. */
export function orderLine(name: unknown, quantity: unknown, price: string | null): string | null {
  const article = word(name, 300) ?? id(name);
  if (article === null) return null;
  const count = id(quantity) ?? text(quantity);
  return `${article}${count === null ? '' : ` × ${count}`}${price === null ? '' : `, ${price}`}`;
}

/** The sum of an order, or null if a price or quantity is missing. */
export function orderSum(
  items: readonly { readonly quantity: number | null; readonly price: number | null }[],
): number | null {
  const parts = items.map(({ quantity, price }) =>
    quantity === null || price === null ? Number.NaN : quantity * price,
  );
  const sum = parts.reduce((all, one) => all + one, 0);
  return items.length === 0 || Number.isNaN(sum) ? null : Math.round(sum * 100) / 100;
}
