import { cleanedDeep } from '../../domain/base/clean-text.ts';

declare const clean: unique symbol;

/** Writes without text that a store would reject. Only {@link cleanBatch} creates one. */
export type CleanBatch<Written> = readonly Written[] & { readonly [clean]: true };

/** Cleans all text on its way into a store. Takes about a microsecond for a call. */
export function cleanBatch<Written>(batch: readonly Written[]): CleanBatch<Written> {
  return cleanedDeep(batch) as CleanBatch<Written>;
}
