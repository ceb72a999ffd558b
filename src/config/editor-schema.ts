import type { ModuleSchemas } from './load.ts';
import { ConfigSchema } from './schema.ts';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A value filled in at the start from the environment or a file: what it will be, an editor can't know. */
const filledIn = { type: 'string', pattern: '\\$\\{(env|file):[^}]+\\}' };

/**
 * The configuration file's JSON Schema for editors (draft 2020-12): what the loader checks, each module's own settings
 * by its `kind`, and `${env:…}` or `${file:…}` wherever a text is expected.
 */
export function editorSchema(modules: ModuleSchemas): Json {
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    ...ConfigSchema,
    properties: {
      ...ConfigSchema.properties,
      connectors: named(modules.connectors),
      destinations: named(modules.destinations),
    },
  };
  return forWriters(JSON.parse(JSON.stringify(schema)) as Json);
}

/** Modules under names of the administrator's choice. */
function named(kinds: ModuleSchemas['connectors']) {
  const settings = Object.entries(kinds).map(([kind, schema]) => ({
    if: { properties: { kind: { const: kind } } },
    // biome-ignore lint/suspicious/noThenProperty: JSON Schema's own keyword
    then: schema,
  }));
  const kind = { enum: Object.keys(kinds), description: 'Which connector or destination.' };
  return {
    type: 'object',
    propertyNames: { pattern: '^[A-Za-z0-9_-]{1,64}$' },
    additionalProperties: { type: 'object', required: ['kind'], properties: { kind }, allOf: settings },
  };
}

/**
 * A schema as the one who writes the file sees it: texts under a rule may be filled in as well (those without one allow
 * it already), and what has a default may be left out.
 */
function forWriters(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(forWriters);
  if (!isObject(schema)) return schema;
  const walked = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, key === 'propertyNames' ? value : forWriters(value)]),
  );
  if (isObject(walked.properties) && Array.isArray(walked.required)) {
    const { properties } = walked;
    walked.required = walked.required.filter((name) => !hasDefault(properties[String(name)]));
  }
  const ruled = walked.type === 'string' && ['pattern', 'format', 'const', 'maxLength'].some((rule) => rule in walked);
  if (!ruled) return walked;
  const { description, default: fallback, ...rule } = walked;
  return {
    ...(description !== undefined && { description }),
    ...(fallback !== undefined && { default: fallback }),
    anyOf: [rule, filledIn],
  };
}

function hasDefault(property: Json | undefined): boolean {
  return isObject(property) && property.default !== undefined;
}

function isObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
