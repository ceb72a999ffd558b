/** A part of an OpenAPI document. */
type Node = Readonly<Record<string, unknown>>;

interface MediaType {
  readonly schema?: Node;
  example?: unknown;
  readonly examples?: unknown;
}
interface Body {
  readonly content?: Readonly<Record<string, MediaType>>;
}
interface Operation {
  readonly requestBody?: Body;
  readonly responses?: Readonly<Record<string, Body>>;
}
interface OpenApiDocument {
  readonly paths?: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, Node>> };
}

/**
 * Gives every JSON body of the document an example, made from the examples of the schemas that it consists of. Schemas
 * state their example once, and viewers and generators need not work it out.
 */
export function addExamples<Document extends object>(document: Document): Document {
  const { paths = {}, components = {} } = document as OpenApiDocument;
  const { schemas = {} } = components;
  for (const operation of Object.values(paths).flatMap((methods) => Object.values(methods))) {
    for (const { content = {} } of [operation.requestBody ?? {}, ...Object.values(operation.responses ?? {})])
      for (const [type, media] of Object.entries(content)) {
        if (!type.includes('json') || 'example' in media || 'examples' in media || media.schema === undefined) continue;
        const example = exampleOf(media.schema, schemas);
        if (example !== undefined) media.example = example;
      }
  }
  return document;
}

/** The example of a schema, or undefined when it and its parts have none. */
function exampleOf(schema: Node, schemas: Readonly<Record<string, Node>>): unknown {
  const { $ref, examples, enum: values, anyOf, items, properties, type } = schema;
  if (typeof $ref === 'string') return exampleOf(schemas[$ref.slice($ref.lastIndexOf('/') + 1)] ?? {}, schemas);
  if (Array.isArray(examples)) return examples[0];
  if (Array.isArray(values)) return values[0];
  if ('const' in schema) return schema.const;
  if (type === 'null') return null;
  if (Array.isArray(anyOf)) return anyOf.map((one) => exampleOf(one, schemas)).find((one) => one !== undefined);
  if (type === 'array') {
    const item = exampleOf(items as Node, schemas);
    return item === undefined ? undefined : [item];
  }
  if (type !== 'object') return undefined;
  const entries = Object.entries((properties ?? {}) as Readonly<Record<string, Node>>)
    .map(([key, value]) => [key, exampleOf(value, schemas)] as const)
    .filter(([, value]) => value !== undefined);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
