import { Type } from 'typebox';

/** Free text. */
export const text = (description: string) => Type.String({ minLength: 1, maxLength: 1024, description });
/** An id in the configuration. */
export const id = (description: string) => Type.String({ pattern: '^[A-Za-z0-9_.:-]{1,64}$', description });
/** Rejects unknown keys. */
export const strict = { additionalProperties: false } as const;
