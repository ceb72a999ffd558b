import { errors } from '../errors.ts';
import { type Entity, propertyOf } from '../metadata/schema.ts';
import type { Row, Value } from '../store/values.ts';
import { type Token, tokensOf } from './filter/tokens.ts';

/** What the path of a request names, after `standard.odata/`. */
export interface Address {
  readonly set: string;
  /** What stands in parentheses; null for a whole set. */
  readonly key: readonly KeyPart[] | null;
  /** What follows: `$count`, a property, `Post`. */
  readonly rest: readonly string[];
}

interface KeyPart {
  /** Null: the key has one part, which need not be named. */
  readonly name: string | null;
  readonly literal: Extract<Token, { kind: 'literal' }>;
}

/** Reads a path. Throws an error of OData if it is none. */
export function addressOf(path: string): Address {
  const [first = '', ...rest] = path
    .split('/')
    .filter((part) => part !== '')
    .map(decoded);
  const [, set = '', key] = /^([^()]+)(?:\((.*)\))?$/su.exec(first) ?? [];
  if (set === '') throw errors.url(path);
  return { set, key: key === undefined ? null : keyParts(key), rest };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw errors.url(part);
  }
}

function keyParts(text: string): readonly KeyPart[] {
  const tokens = tokensOf(text);
  const parts: KeyPart[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const [name, equals] = [tokens[at], tokens[at + 1]];
    const isNamed = name?.kind === 'name' && equals?.kind === 'sign' && equals.text === '=';
    if (isNamed) at += 2;
    const literal = tokens[at];
    if (literal?.kind !== 'literal') throw errors.url(text);
    parts.push({ name: isNamed ? name.text : null, literal });
    at += 1;
    const comma = tokens[at];
    if (comma !== undefined && !(comma.kind === 'sign' && comma.text === ',')) throw errors.url(text);
  }
  return parts;
}

/** The key of an entity, as its store knows it: `{ Ref_Key }`, or the dimensions of a record. */
export function keyRow(entity: Entity, parts: readonly KeyPart[]): Row {
  if (entity.key.length === 0) return {};
  const [only] = parts;
  if (parts.length === 1 && only?.name === null) {
    const [name = ''] = entity.key;
    if (entity.key.length > 1) throw errors.keyPart(entity.key[1] ?? '');
    return { [name]: literalValue(entity, name, only.literal) };
  }
  const named = new Map(parts.map(({ name, literal }) => [name, literal]));
  return Object.fromEntries(
    entity.key.map((name) => {
      const literal = named.get(name);
      if (literal === undefined) throw errors.keyPart(name);
      return [name, literalValue(entity, name, literal)];
    }),
  );
}

/** A literal of a key, whose type must be that of the property. */
function literalValue(entity: Entity, name: string, { type, text }: KeyPart['literal']): Value {
  const { attribute, part } = propertyOf(entity.properties, name);
  const expected =
    part === 'type'
      ? 'string'
      : attribute.kind === 'guid' || attribute.kind === 'reference'
        ? 'guid'
        : attribute.kind === 'date'
          ? 'date'
          : attribute.kind === 'boolean'
            ? 'boolean'
            : attribute.kind === 'number' || attribute.kind === 'integer'
              ? 'number'
              : 'string';
  if (type !== expected) throw errors.url(`${name}: ${type}`);
  return type === 'number' ? Number(text) : type === 'boolean' ? text === 'true' : text;
}
