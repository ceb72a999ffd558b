import { asServiceError } from '../../runtime/http/service-error.ts';
import type { Base, CallOptions } from './api/base.ts';
import { guid } from './api/literals.ts';
import type { PageOrder } from './paging.ts';
import { rowsOf } from './paging.ts';

/**
 * Finds out whether references of a base can be compared, as fast pages need. That is not documented, so three objects
 * are read, and then those after the first: they must be the second and the third.
 */
export async function probeOrder(base: Base, set: string, options: CallOptions): Promise<PageOrder> {
  const query = { select: ['Ref_Key'], orderby: 'Ref_Key' };
  const [first, ...others] = rowsOf(await base.list(set, { ...query, top: 3 }, options));
  if (first === undefined) return 'key';
  try {
    const filter = `Ref_Key gt ${guid(first.key)}`;
    const after = rowsOf(await base.list(set, { ...query, filter, top: 2 }, options));
    const isSame = after.length === others.length && after.every(({ key }, i) => key === others[i]?.key);
    return isSame ? 'key' : 'skip';
  } catch (error) {
    if (asServiceError(error).trouble !== 'refused') throw error;
    return 'skip';
  }
}
