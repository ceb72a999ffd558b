import { fields, id, number } from '../../../runtime/http/fields.ts';
import type { Portal } from '../api/portal.ts';
import { newIdOf, rowsOf } from '../api/rows.ts';

/** Parts of the portal's directory of statuses (`crm.status.list`). */
export type StatusKind = 'SOURCE' | 'STATUS' | 'DEAL_STAGE';

/** How the portal is set up, as far as it matters here. */
export interface Dictionary {
  /** Whether the portal has leads. */
  hasLeads(signal: AbortSignal): Promise<boolean>;
  /** The ids of sources, stages of leads, or stages of deals. */
  statuses(kind: StatusKind, signal: AbortSignal): Promise<ReadonlySet<string>>;
  /** The portal user in whose name we call it. */
  ourselves(signal: AbortSignal): Promise<number>;
}

/** How long an answer is used, in milliseconds. */
const freshFor = 600_000;
/** The mode of portals without leads (`crm.enum.settings.mode`). */
const withoutLeads = 2;

/** Reads the set-up of a portal when it is needed. */
export function openDictionary(portal: Portal, now: () => number): Dictionary {
  const kept = new Map<string, { readonly value: unknown; readonly until: number }>();

  async function cached<Value>(key: string, read: () => Promise<Value>): Promise<Value> {
    const known = kept.get(key);
    if (known !== undefined && known.until > now()) return known.value as Value;
    const value = await read();
    kept.set(key, { value, until: now() + freshFor });
    return value;
  }

  return {
    hasLeads: (signal) =>
      cached('mode', async () => {
        const { result } = await portal.call('crm.settings.mode.get', {}, { signal });
        return number(result) !== withoutLeads;
      }),
    statuses: (kind, signal) =>
      cached(kind, async () => {
        const answer = await portal.call('crm.status.list', { filter: { ENTITY_ID: kind } }, { signal });
        return new Set(rowsOf(answer).flatMap(({ STATUS_ID }) => id(STATUS_ID) ?? []));
      }),
    ourselves: (signal) =>
      cached('profile', async () => newIdOf(fields((await portal.call('profile', {}, { signal })).result).ID)),
  };
}
