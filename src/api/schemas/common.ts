import { type Static, type TObject, type TProperties, type TSchema, Type } from 'typebox';
import type { Reason as ReasonType } from '../../domain/base/reason.ts';
import type { Page } from '../../domain/ports/queries.ts';
import { type ProblemUrn, problemSlugs } from '../problem.ts';

/** An object in a request. Unknown keys are refused. */
export function strictObject<T extends TProperties>(properties: T, options: object = {}): TObject<T> {
  return Type.Object(properties, { additionalProperties: false, ...options });
}

/** A string that is one of the given words. */
export function words<const T extends string>(...values: readonly T[]) {
  return Type.Unsafe<T>({ type: 'string', enum: values });
}

/** The schema, or null. */
export function orNull<T extends TSchema>(schema: T, description?: string) {
  return Type.Union([schema, Type.Null()], description === undefined ? {} : { description });
}

/** A reference to a component of the OpenAPI document by its `$id`, for a type of the domain. */
export function schemaRef<T>(id: string) {
  return Type.Unsafe<T>({ $ref: `${id}#` });
}

/** A reference to a component of the OpenAPI document. It has the type of the schema it refers to. */
export function ref<T extends TSchema>(schema: T) {
  const { $id } = schema as { readonly $id?: unknown };
  if (typeof $id !== 'string') throw new Error('only a schema with an $id can be referred to');
  return schemaRef<Static<T>>($id);
}

/** Text, or null. */
export const textOrNull = orNull(Type.String());
/** A point in time, as answers write it. */
export const Moment = Type.String({ format: 'date-time', description: 'RFC 3339, UTC.' });

/** An id and the name that people know it by. */
export const NamedSchema = Type.Object(
  { id: Type.String(), name: Type.String() },
  { $id: 'Named', description: 'An id with the name that people know it by.' },
);
/** A reference to {@link NamedSchema}. */
export const Named = ref(NamedSchema);
/** The same, or null. */
export const namedOrNull = orNull(Named);

/** The meaning of an English text as a code, for programs that use words of their own. */
export const ReasonSchema = Type.Object(
  {
    code: Type.String({ description: 'Stable, for example `windowClosed`.' }),
    values: Type.Unsafe<ReasonType['values']>({
      type: 'object',
      additionalProperties: true,
      description:
        'What differs: texts, numbers, lists of texts, and other reasons. `said` holds the words of an outside service.',
    }),
  },
  { $id: 'Reason', description: 'The meaning of the English text beside it, as a code.' },
);
/** A reference to {@link ReasonSchema}. */
export const Reason = ref(ReasonSchema);
/** The same, or null. */
export const reasonOrNull = orNull(Reason);

/** RFC 9457. */
export const ProblemSchema = Type.Object(
  {
    type: Type.Unsafe<ProblemUrn>({
      type: 'string',
      enum: problemSlugs.map((slug) => `urn:patchbay:${slug}`),
      description: 'The type of the problem. docs/rest.md explains each.',
    }),
    title: Type.String({ description: 'What this type of problem means. The same for every problem of the type.' }),
    status: Type.Integer({ description: 'The HTTP status.' }),
    detail: Type.String({ description: 'What went wrong this time, in English.' }),
    errors: Type.Array(
      Type.Object({
        path: Type.String({ description: 'JSON pointer into the body, the query or the path.' }),
        code: Type.String(),
        message: Type.String(),
      }),
      { description: 'The faulty keys of the request. Empty when no single key is at fault.' },
    ),
  },
  {
    $id: 'Problem',
    description: 'Problem details (RFC 9457).',
    examples: [
      {
        type: 'urn:patchbay:invalid',
        title: 'The request is invalid',
        status: 422,
        detail: 'the body is not as expected',
        errors: [{ path: '/startedAt', code: 'required', message: 'is missing' }],
      },
    ],
  },
);

/** One page of a listing. */
export function pageOf<T extends TSchema>(item: T) {
  return Type.Unsafe<Page<Static<T>>>(
    Type.Object(
      {
        items: Type.Array(item),
        next: orNull(Type.String(), 'Pass it on as `cursor` to get the next page. Null on the last page.'),
      },
      { description: 'One page.' },
    ),
  );
}

const problem = (description: string, example?: Static<typeof ProblemSchema>) =>
  Type.Unsafe<never>({
    description,
    content: {
      'application/problem+json': { schema: ref(ProblemSchema), ...(example !== undefined && { example }) },
    },
  });
const unavailable = problem('The server could not carry out the request.', {
  type: 'urn:patchbay:unavailable',
  title: 'Currently unavailable',
  status: 503,
  detail: 'the store is unavailable; try again',
  errors: [],
});

/** The responses of a route: the successful ones by status, and problem details for everything else. */
export function answers<T extends Record<number, TSchema>>(good: T) {
  return {
    ...good,
    '4xx': problem('The request was refused.'),
    '5xx': unavailable,
  };
}

/** A response without a body. */
export const Nothing = Type.Unsafe<undefined>({ type: 'null', description: 'Done. The response has no body.' });

/** A response that is not JSON. */
export function bytes(description: string, type = 'application/octet-stream', example?: string) {
  const schema = { type: 'string', ...(type.startsWith('text/') ? {} : { format: 'binary' }) };
  const content = { [type]: { schema, ...(example !== undefined && { example }) } };
  return Type.Unsafe<never>({ description, content });
}

/** A response that is JSON, or text of another type when the request asks for it. */
export function jsonOr<T extends TSchema>(schema: T, description: string, type: string, example: string) {
  const content = { 'application/json': { schema }, [type]: { schema: { type: 'string' }, example } };
  return Type.Unsafe<Static<T>>({ description, content });
}
