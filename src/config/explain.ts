import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { entryOf } from '../domain/base/entry-of.ts';
import { meant } from './nearest.ts';

/** One thing that is wrong, by where it stands. */
export interface PathProblem {
  readonly path: readonly string[];
  readonly message: string;
}

/** The parts of JSON Schema that settings are described by. */
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
 * What is wrong with settings, in words for who wrote the file; nothing where the schema is content. Values are never
 * repeated: any of them may be a secret in the wrong place.
 */
export function explain(schema: TSchema, value: unknown, path: readonly string[]): readonly PathProblem[] {
  // Looked at in any case: the schema itself lets keys pass that fit none of its patterns.
  const found = look(schema as Schema, value, path, schema as Schema);
  if (found.length > 0 || Value.Check(schema, value)) return found;
  return Value.Errors(schema, value).map(({ instancePath, message }) => ({
    path: [...path, ...instancePath.split('/').slice(1)],
    message,
  }));
}

function look(schema: Schema, value: unknown, path: readonly string[], root: Schema): readonly PathProblem[] {
  const problem = (message: string): readonly PathProblem[] => [{ path, message }];
  const allowed = allowedValues(schema);
  if (allowed !== null) {
    if (allowed.includes(value)) return [];
    const hint = typeof value === 'string' ? meant(value, allowed.map(String)) : '';
    return problem(`expected ${allowed.length === 1 ? '' : 'one of: '}${allowed.join(', ')}${hint}`);
  }
  if (schema.anyOf !== undefined) return lookAtForms(schema.anyOf, value, path, root);
  if (!fits(schema, value)) {
    const wanted = forms[schema.pattern ?? ''] ?? kindOf(schema);
    return problem(`expected ${wanted}, found ${foundOf(value)}${quotes(schema, value)}`);
  }
  if (typeof value === 'string') return lookAtText(schema, value).flatMap(problem);
  if (typeof value === 'number') return inRange(schema, value) ? [] : problem(`expected ${rangeOf(schema)}`);
  if (Array.isArray(value)) {
    return value.flatMap((item, i) =>
      schema.items === undefined ? [] : look(schema.items, item, [...path, String(i)], root),
    );
  }
  return typeof value === 'object' && value !== null
    ? lookAtKeys(schema, value as Readonly<Record<string, unknown>>, path, root)
    : [];
}

/** Of several forms the one that was begun is judged. */
function lookAtForms(
  forms: readonly Schema[],
  value: unknown,
  path: readonly string[],
  root: Schema,
): readonly PathProblem[] {
  const begun = forms.filter((form) => fits(form, value));
  if (begun.length === 0) {
    const kinds = [...new Set(forms.map(kindOf))].join(' or ');
    return [{ path, message: `expected ${kinds}, found ${foundOf(value)}` }];
  }
  const judged = begun.map((form) => look(form, value, path, root));
  return judged.find((problems) => problems.length === 0) ?? judged[0] ?? [];
}

function lookAtText(
  { pattern, format, minLength = 0, maxLength, description }: Schema,
  value: string,
): readonly string[] {
  if (value.length < minLength)
    return [minLength === 1 ? 'must not be empty' : `needs at least ${minLength} characters`];
  if (maxLength !== undefined && value.length > maxLength) return [`may have ${maxLength} characters at the most`];
  if (pattern !== undefined && !new RegExp(pattern, 'u').test(value))
    return [
      `expected ${forms[pattern] ?? `the form ${pattern}${description === undefined ? '' : ` (${description})`}`}`,
    ];
  if (format !== undefined && !Value.Check({ type: 'string', format } as never, value))
    return [`expected ${forms[format] ?? format}`];
  return [];
}

function lookAtKeys(
  schema: Schema,
  value: Readonly<Record<string, unknown>>,
  path: readonly string[],
  root: Schema,
): readonly PathProblem[] {
  const { properties = {}, patternProperties = {}, required = [], additionalProperties = true } = schema;
  const missing = required.filter((key) => value[key] === undefined);
  const bound = schema.then !== undefined && Value.Check((schema.if ?? {}) as TSchema, value);
  return [
    ...(bound ? lookAtKeys(schema.then, value, path, root) : []),
    ...missing.map((key) => ({ path: [...path, key], message: 'is missing' })),
    ...Object.entries(value).flatMap(([key, part]) => {
      const named =
        entryOf(properties, key) ?? Object.entries(patternProperties).find(([form]) => new RegExp(form).test(key))?.[1];
      const own = named ?? (typeof additionalProperties === 'object' ? additionalProperties : undefined);
      const at = [...path, key];
      if (own !== undefined) return look(own, part, at, root);
      const open = additionalProperties === true && Object.keys(patternProperties).length === 0;
      return open ? [] : [{ path: at, message: `there is no such key${hintOf(key, schema, root)}` }];
    }),
  ];
}

/** What may have been meant by an unknown key: a name like it, or one that belongs elsewhere. */
function hintOf(key: string, { properties = {}, patternProperties = {} }: Schema, root: Schema): string {
  const [form] = Object.keys(patternProperties);
  if (form !== undefined) return `; expected ${forms[form] ?? `a name of the form ${form}`}`;
  const like = meant(key, Object.keys(properties));
  if (like !== '') return like;
  if (Object.hasOwn(root.properties ?? {}, key))
    return '; it belongs at the beginning of the line, is it indented too far?';
  const [parent] =
    Object.entries(root.properties ?? {}).find(([, part]) => Object.hasOwn(part.properties ?? {}, key)) ?? [];
  if (parent !== undefined) return `; it belongs under ${parent}, is the indentation right?`;
  return `; there are: ${Object.keys(properties).join(', ')}`;
}

function allowedValues({ anyOf, enum: values, ...schema }: Schema): readonly unknown[] | null {
  if (values !== undefined) return values;
  if ('const' in schema) return [schema.const];
  return anyOf?.every((form) => 'const' in form) === true ? anyOf.map((form) => form.const) : null;
}

function fits({ type }: Schema, value: unknown): boolean {
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
  object: 'keys with values',
  null: 'nothing',
};

function kindOf({ type = '' }: Schema): string {
  return kinds[type] ?? type;
}

function foundOf(value: unknown): string {
  if (value === null) return 'nothing; is what follows indented?';
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
  if (minimum === undefined) return `at the most ${maximum}`;
  return maximum === undefined ? `at least ${minimum}` : `a number from ${minimum} to ${maximum}`;
}

/** Forms and formats in words. What is not here is told as it is written in the schema, with its description. */
const forms: Readonly<Record<string, string>> = {
  '^[A-Z]{2}$': 'two capital letters (ISO 3166), like RU',
  '^https?://': 'an address that begins with http:// or https://',
  '^https?://[^\\s]+$': 'an address that begins with http:// or https://',
  '^[A-Za-z0-9_.:-]{1,64}$': 'a name of Latin letters, digits and _ . : - without blanks',
  '^[A-Za-z0-9_.-]{1,64}$': 'a name of Latin letters, digits and _ . - without blanks',
  '^[A-Za-z0-9_-]{1,64}$': 'a name of Latin letters, digits and _ - without blanks',
  '^[A-Za-z0-9_.-]+$': 'a name of Latin letters, digits and _ . - without blanks',
  '^[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)?$': 'an extension like "101", or "pbx/101" where there are several PBXs',
  '^\\d+ms$': 'milliseconds like 500ms',
  '^\\d{1,6}(ms|s|m|h)$': 'a time like 500ms, 30s, 15m or 2h',
  '^https?://[^/\\s]+$': 'the beginning of a site, like https://example.ru, without a path',
  '^(mon|tue|wed|thu|fri|sat|sun)(-(mon|tue|wed|thu|fri|sat|sun))?$': 'days like mon or mon-fri',
  '^([01]?\\d|2[0-4]):[0-5]\\d-([01]?\\d|2[0-4]):[0-5]\\d$': 'times like "09:00-18:00"',
  '^\\d{4}-\\d{2}-\\d{2}$': 'a date like "2026-12-31"',
  '\\{extension\\}': 'a dial string with {extension} in it, like PJSIP/{extension}',
  'time-zone': 'an IANA time zone like Europe/Moscow',
  network: 'an address, a network like 10.0.0.0/8, loopback, linklocal or uniquelocal',
  peer: 'an address, a network like 10.0.0.0/8, a host name, or loopback',
  regex: 'a regular expression',
};
