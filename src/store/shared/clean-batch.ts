import { cleanedDeep } from '../../domain/base/clean-text.ts';

declare const clean: unique symbol;

/** Writes with nothing in them that one of the stores refuses to keep; {@link cleanBatch} alone makes one. */
export type CleanBatch<Written> = readonly Written[] & { readonly [clean]: true };

/** The border that every text passes on its way into a store. Costs about a microsecond for a call. */
export function cleanBatch<Written>(batch: readonly Written[]): CleanBatch<Written> {
  return cleanedDeep(batch) as CleanBatch<Written>;
}
