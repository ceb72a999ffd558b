import { Type } from 'typebox';

/** Text that people write. */
export const text = (description: string) => Type.String({ minLength: 1, maxLength: 1024, description });
/** The id of something in the configuration. */
export const id = (description: string) => Type.String({ pattern: '^[A-Za-z0-9_.:-]{1,64}$', description });
/** Keys that nobody knows are mistakes. */
export const strict = { additionalProperties: false } as const;
