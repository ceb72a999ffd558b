import { type Static, type TObject, type TProperties, type TSchema, Type } from 'typebox';
import type { Reason } from '../../domain/base/reason.ts';
import type { Page } from '../../domain/ports/queries.ts';

/** An object of a request: unknown keys are refused. */
export function strictObject<T extends TProperties>(properties: T): TObject<T> {
  return Type.Object(properties, { additionalProperties: false });
}

/** One of some words. */
export function words<const T extends string>(...values: readonly T[]) {
  return Type.Unsafe<T>({ type: 'string', enum: values });
}

/** A value, or null. */
export function orNull<T extends TSchema>(schema: T) {
  return Type.Union([schema, Type.Null()]);
}

/** Text, or null. */
export const textOrNull = orNull(Type.String());
/** An id and the name that people know it by. */
export const NamedSchema = Type.Object({ id: Type.String(), name: Type.String() });
/** A moment as we tell it. */
export const Moment = Type.String({ format: 'date-time', description: 'RFC 3339, UTC.' });

/** A reason as a code, for programs that make words of their own. */
export const ReasonSchema = Type.Object(
  {
    code: Type.String({ description: 'Stable, like `windowClosed`.' }),
    values: Type.Unsafe<Reason['values']>({
      type: 'object',
      additionalProperties: true,
      description:
        'What differs: texts, numbers, lists of texts, and other reasons. `said` is what an outside service answered, in its own words.',
    }),
  },
  { description: 'The English text beside it says the same.' },
);
/** A reason, or null. */
export const reasonOrNull = orNull(ReasonSchema);

/** RFC 9457. */
export const ProblemSchema = Type.Object(
  {
    type: Type.String({ pattern: '^urn:patchbay:[a-z-]+$' }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    errors: Type.Array(
      Type.Object({
        path: Type.String({ description: 'JSON pointer into the body, the query or the path.' }),
        code: Type.String(),
        message: Type.String(),
      }),
    ),
  },
  { $id: 'Problem', description: 'What went wrong (RFC 9457).' },
);

/** A schema of the document's components, by its `$id`. */
export function named<T>(id: string) {
  return Type.Unsafe<T>({ $ref: `${id}#` });
}

/** A page of a listing. */
export function pageOf<T extends TSchema>(item: T) {
  return Type.Unsafe<Page<Static<T>>>(
    Type.Object({ items: Type.Array(item), next: Type.Union([Type.String(), Type.Null()]) }),
  );
}

const Trouble = named<never>('Problem');

/** The answers of a route: what it says when all went well, by status, and problems. */
export function answers<T extends Record<number, TSchema>>(good: T) {
  return { ...good, '4xx': Trouble, '5xx': Trouble };
}

/** An answer without a body. */
export const Nothing = Type.Unsafe<undefined>({ type: 'null', description: 'Done.' });

/** An answer of bytes. */
export function bytes(description: string, type = 'application/octet-stream') {
  return Type.Unsafe<never>({ description, content: { [type]: { schema: { type: 'string', format: 'binary' } } } });
}
