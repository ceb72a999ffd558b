import { errors } from '../../errors.ts';

/** A piece of a filter or a key. */
export type Token =
  | { readonly kind: 'name'; readonly text: string }
  | { readonly kind: 'sign'; readonly text: string }
  | { readonly kind: 'literal'; readonly type: LiteralType; readonly text: string };

/** The types that a literal can have. */
export type LiteralType = 'guid' | 'date' | 'string' | 'number' | 'boolean';

const guidText = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const dateText = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/;
const piece = /\s*(?:((?:guid|datetime)?)'((?:[^']|'')*)'|(-?\d+(?:\.\d+)?)|([\p{L}_$][\p{L}\p{N}_]*)|([(),/:=-]))/uy;

/** Splits a filter into pieces. */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const reader = new RegExp(piece);
  const end = text.trimEnd().length;
  while (reader.lastIndex < end) {
    const at = reader.lastIndex;
    const found = reader.exec(text);
    if (found === null) throw errors.options(`"${text.slice(at, at + 20)}"`);
    tokens.push(tokenOf(found));
  }
  return tokens;
}

function tokenOf([, prefix, quoted, number, name, sign]: RegExpExecArray): Token {
  if (quoted !== undefined) {
    if (prefix === 'guid') return { kind: 'literal', type: 'guid', text: checked(quoted, guidText).toLowerCase() };
    if (prefix === 'datetime') return { kind: 'literal', type: 'date', text: checked(quoted, dateText) };
    return { kind: 'literal', type: 'string', text: quoted.replaceAll("''", "'") };
  }
  if (number !== undefined) return { kind: 'literal', type: 'number', text: number };
  if (name === 'true' || name === 'false') return { kind: 'literal', type: 'boolean', text: name };
  if (name !== undefined) return { kind: 'name', text: name };
  return { kind: 'sign', text: sign ?? '' };
}

function checked(text: string, pattern: RegExp): string {
  if (!pattern.test(text)) throw errors.unparsed(text);
  return text;
}
