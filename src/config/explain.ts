import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { entryOf } from '../domain/base/entry-of.ts';
import { didYouMean } from './nearest.ts';

/** A problem and its path in the configuration. */
export interface PathProblem {
  readonly path: readonly string[];
  readonly message: string;
}

/** The subset of JSON Schema that settings use. */
interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxItems?: number;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly if?: Schema;
  readonly then?: Schema;
}

/**
 * Validates settings, and explains each problem to the author of the file. Messages never repeat a value, because it may be a
 * secret in the wrong place.
 */
export function explain(schema: TSchema, value: unknown, path: readonly string[]): readonly PathProblem[] {
  // Always checked here first: the schema itself accepts keys that match none of its patterns.
  const found = check(schema as Schema, value, path, schema as Schema);
  if (found.length > 0 || Value.Check(schema, value)) return found;
  return Value.Errors(schema, value).map(({ instancePath, message }) => ({
    path: [...path, ...instancePath.split('/').slice(1)],
    message,
  }));
}

function check(schema: Schema, value: unknown, path: readonly string[], root: Schema): readonly PathProblem[] {
  const problem = (message: string): readonly PathProblem[] => [{ path, message }];
  const allowed = allowedValues(schema);
  if (allowed !== null) {
    if (allowed.includes(value)) return [];
    const hint = typeof value === 'string' ? didYouMean(value, allowed.map(String)) : '';
    return problem(`expected ${allowed.length === 1 ? '' : 'one of: '}${allowed.join(', ')}${hint}`);
  }
  if (schema.anyOf !== undefined) return checkAlternatives(schema.anyOf, value, path, root);
  if (!hasType(schema, value)) {
    const expected = patternNames[schema.pattern ?? ''] ?? kindOf(schema);
    return problem(`expected ${expected}, found ${foundOf(value)}${quotes(schema, value)}`);
  }
  if (typeof value === 'string') return checkText(schema, value).flatMap(problem);
  if (typeof value === 'number') return inRange(schema, value) ? [] : problem(`expected ${rangeOf(schema)}`);
  if (Array.isArray(value)) {
    return value.flatMap((item, i) =>
      schema.items === undefined ? [] : check(schema.items, item, [...path, String(i)], root),
    );
  }
  return typeof value === 'object' && value !== null
    ? checkKeys(schema, value as Readonly<Record<string, unknown>>, path, root)
    : [];
}

/** Checks a value against the alternatives that have its type. If none matches, the problems of the first one are reported. */
function checkAlternatives(
  alternatives: readonly Schema[],
  value: unknown,
  path: readonly string[],
  root: Schema,
): readonly PathProblem[] {
  const candidates = alternatives.filter((one) => hasType(one, value));
  if (candidates.length === 0) {
    const kinds = [...new Set(alternatives.map(kindOf))].join(' or ');
    return [{ path, message: `expected ${kinds}, found ${foundOf(value)}` }];
  }
  const results = candidates.map((one) => check(one, value, path, root));
  return results.find((problems) => problems.length === 0) ?? results[0] ?? [];
}

function checkText(
  { pattern, format, minLength = 0, maxLength, description }: Schema,
  value: string,
): readonly string[] {
  if (value.length < minLength)
    return [minLength === 1 ? 'must not be empty' : `must have at least ${minLength} characters`];
  if (maxLength !== undefined && value.length > maxLength) return [`must have at most ${maxLength} characters`];
  if (pattern !== undefined && !new RegExp(pattern, 'u').test(value))
    return [
      `expected ${patternNames[pattern] ?? `text matching ${pattern}${description === undefined ? '' : ` (${description})`}`}`,
    ];
  if (format !== undefined && !Value.Check({ type: 'string', format } as never, value))
    return [`expected ${patternNames[format] ?? format}`];
  return [];
}

function checkKeys(
  schema: Schema,
  value: Readonly<Record<string, unknown>>,
  path: readonly string[],
  root: Schema,
): readonly PathProblem[] {
  const { properties = {}, patternProperties = {}, required = [], additionalProperties = true } = schema;
  const missing = required.filter((key) => value[key] === undefined);
  const applies = schema.then !== undefined && Value.Check((schema.if ?? {}) as TSchema, value);
  return [
    ...(applies ? checkKeys(schema.then, value, path, root) : []),
    ...missing.map((key) => ({ path: [...path, key], message: 'is missing' })),
    ...Object.entries(value).flatMap(([key, part]) => {
      const declared =
        entryOf(properties, key) ??
        Object.entries(patternProperties).find(([pattern]) => new RegExp(pattern).test(key))?.[1];
      const own = declared ?? (typeof additionalProperties === 'object' ? additionalProperties : undefined);
      const at = [...path, key];
      if (own !== undefined) return check(own, part, at, root);
      const open = additionalProperties === true && Object.keys(patternProperties).length === 0;
      return open ? [] : [{ path: at, message: `unknown key${hintOf(key, schema, root)}` }];
    }),
  ];
}

/** A hint for an unknown key: a similar name, or where the key belongs. */
function hintOf(key: string, { properties = {}, patternProperties = {} }: Schema, root: Schema): string {
  const [pattern] = Object.keys(patternProperties);
  if (pattern !== undefined) return `; expected ${patternNames[pattern] ?? `a name matching ${pattern}`}`;
  const suggestion = didYouMean(key, Object.keys(properties));
  if (suggestion !== '') return suggestion;
  if (Object.hasOwn(root.properties ?? {}, key)) return '; it is a top-level key, check the indentation';
  const [parent] =
    Object.entries(root.properties ?? {}).find(([, part]) => Object.hasOwn(part.properties ?? {}, key)) ?? [];
  if (parent !== undefined) return `; it belongs under ${parent}, check the indentation`;
  return `; expected one of: ${Object.keys(properties).join(', ')}`;
}

function allowedValues({ anyOf, enum: values, ...schema }: Schema): readonly unknown[] | null {
  if (values !== undefined) return values;
  if ('const' in schema) return [schema.const];
  return anyOf?.every((one) => 'const' in one) === true ? anyOf.map((one) => one.const) : null;
}

function hasType({ type }: Schema, value: unknown): boolean {
  switch (type) {
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'array':
      return Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    case 'null':
      return value === null;
    default:
      return type === undefined || typeof value === type;
  }
}

const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping (keys with values)',
  null: 'nothing',
};

function kindOf({ type = '' }: Schema): string {
  return kinds[type] ?? type;
}

function foundOf(value: unknown): string {
  if (value === null) return 'nothing; check the indentation of the next lines';
  if (Array.isArray(value)) return 'a list';
  return kinds[typeof value] ?? typeof value;
}

function quotes({ type }: Schema, value: unknown): string {
  if (type === 'string' && (typeof value === 'number' || typeof value === 'boolean')) return '; write it in quotes';
  return (type === 'integer' || type === 'number' || type === 'boolean') && typeof value === 'string'
    ? '; write it without quotes'
    : '';
}

function inRange(
  { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY }: Schema,
  value: number,
): boolean {
  return value >= minimum && value <= maximum;
}

function rangeOf({ minimum, maximum }: Schema): string {
  if (minimum === undefined) return `at most ${maximum}`;
  return maximum === undefined ? `at least ${minimum}` : `a number from ${minimum} to ${maximum}`;
}

/** Patterns and formats in words. Others are shown as they are in the schema, with the description. */
const patternNames: Readonly<Record<string, string>> = {
  '^[A-Z]{2}$': 'two capital letters (ISO 3166), like RU',
  '^https?://': 'a URL that begins with http:// or https://',
  '^https?://[^\\s]+$': 'a URL that begins with http:// or https://',
  '^[A-Za-z0-9_.:-]{1,64}$': 'a name of Latin letters, digits and _ . : - without spaces',
  '^[A-Za-z0-9_.-]{1,64}$': 'a name of Latin letters, digits and _ . - without spaces',
  '^[A-Za-z0-9_-]{1,64}$': 'a name of Latin letters, digits and _ - without spaces',
  '^[A-Za-z0-9_.-]+$': 'a name of Latin letters, digits and _ . - without spaces',
  '^[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)?$': 'an extension like "101", or "pbx/101" with several PBXs',
  '^\\d+ms$': 'milliseconds like 500ms',
  '^\\d{1,6}(ms|s|m|h)$': 'a duration like 500ms, 30s, 15m or 2h',
  '^https?://[^/\\s]+$': 'an origin like https://example.ru, without a path',
  '^(mon|tue|wed|thu|fri|sat|sun)(-(mon|tue|wed|thu|fri|sat|sun))?$': 'days like mon or mon-fri',
  '^([01]?\\d|2[0-4]):[0-5]\\d-([01]?\\d|2[0-4]):[0-5]\\d$': 'times like "09:00-18:00"',
  '^\\d{4}-\\d{2}-\\d{2}$': 'a date like "2026-12-31"',
  '\\{extension\\}': 'a dial string that contains {extension}, like PJSIP/{extension}',
  'time-zone': 'an IANA time zone like Europe/Moscow',
  network: 'an address, a network like 10.0.0.0/8, loopback, linklocal or uniquelocal',
  peer: 'an address, a network like 10.0.0.0/8, a host name, or loopback',
  regex: 'a regular expression',
};
