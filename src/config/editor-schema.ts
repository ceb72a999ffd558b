import type { ModuleSchemas } from './load.ts';
import { ConfigSchema } from './schema.ts';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A placeholder that is replaced at the start from the environment or a file, so an editor can't know its value. */
const placeholder = { type: 'string', pattern: '\\$\\{(env|file):[^}]+\\}' };

/**
 * The JSON Schema of the configuration file for editors (draft 2020-12). It has the loader's rules, each module's own settings
 * by `kind`, and allows `${env:…}` or `${file:…}` wherever text is expected.
 */
export function editorSchema(modules: ModuleSchemas): Json {
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    ...ConfigSchema,
    properties: {
      ...ConfigSchema.properties,
      connectors: modulesByName(modules.connectors),
      destinations: modulesByName(modules.destinations),
    },
  };
  return forAuthors(JSON.parse(JSON.stringify(schema)) as Json);
}

/** Schema of modules under names that the administrator chooses. */
function modulesByName(kinds: ModuleSchemas['connectors']) {
  const settings = Object.entries(kinds).map(([kind, schema]) => ({
    if: { properties: { kind: { const: kind } } },
    // biome-ignore lint/suspicious/noThenProperty: JSON Schema's own keyword
    then: schema,
  }));
  const kind = { enum: Object.keys(kinds), description: 'Kind of the connector or destination.' };
  return {
    type: 'object',
    propertyNames: { pattern: '^[A-Za-z0-9_-]{1,64}$' },
    additionalProperties: { type: 'object', required: ['kind'], properties: { kind }, allOf: settings },
  };
}

/**
 * A schema for the author of the file. Constrained text may also be a placeholder (unconstrained text allows it already), and
 * properties with a default are optional.
 */
function forAuthors(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(forAuthors);
  if (!isObject(schema)) return schema;
  const walked = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, key === 'propertyNames' ? value : forAuthors(value)]),
  );
  if (isObject(walked.properties) && Array.isArray(walked.required)) {
    const { properties } = walked;
    walked.required = walked.required.filter((name) => !hasDefault(properties[String(name)]));
  }
  const constrained =
    walked.type === 'string' && ['pattern', 'format', 'const', 'maxLength'].some((rule) => rule in walked);
  if (!constrained) return walked;
  const { description, default: fallback, ...rule } = walked;
  return {
    ...(description !== undefined && { description }),
    ...(fallback !== undefined && { default: fallback }),
    anyOf: [rule, placeholder],
  };
}

function hasDefault(property: Json | undefined): boolean {
  return isObject(property) && property.default !== undefined;
}

function isObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
