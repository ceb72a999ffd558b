import type { ManagerId } from '../../../domain/base/ids.ts';
import { fields, id, list, number, word } from '../../../runtime/http/fields.ts';
import type { Portal } from '../api/portal.ts';

/** A user of the portal. */
export interface PortalUser {
  readonly id: number;
  /** The extension in the portal's telephony settings (`UF_PHONE_INNER`), or null. */
  readonly extension: string | null;
  readonly email: string | null;
}

/** The portal's users. */
export interface Users {
  /** The active user of a manager, as the setting `users` names it, or null. */
  of(manager: ManagerId, signal: AbortSignal): Promise<PortalUser | null>;
  /** The user with an extension, or null. */
  byExtension(extension: string, signal: AbortSignal): Promise<PortalUser | null>;
}

/** How long the list is used, in milliseconds. */
const freshFor = 600_000;

/** Reads the active users, and keeps them. A list that can't be read or is empty never replaces a known one. */
export function openUsers(portal: Portal, now: () => number, set: Readonly<Record<string, number>> = {}): Users {
  let known: readonly PortalUser[] = [];
  let readAt = Number.NEGATIVE_INFINITY;
  async function users(signal: AbortSignal): Promise<readonly PortalUser[]> {
    if (now() - readAt < freshFor) return known;
    try {
      const found = await readUsers(portal, signal);
      if (found.length > 0) known = found;
      readAt = now();
    } catch (error) {
      if (known.length === 0) throw error;
    }
    return known;
  }
  return {
    of: async (manager, signal) => (await users(signal)).find((one) => one.id === set[manager]) ?? null,
    byExtension: async (extension, signal) => (await users(signal)).find((one) => one.extension === extension) ?? null,
  };
}

async function readUsers(portal: Portal, signal: AbortSignal): Promise<readonly PortalUser[]> {
  const users: PortalUser[] = [];
  for (let start: number | null = 0; start !== null; ) {
    const answer = await portal.call('user.get', { FILTER: { ACTIVE: true }, start }, { signal });
    for (const row of list(answer.result).map(fields)) {
      const user = number(row.ID);
      if (user !== null) users.push({ id: user, extension: id(row.UF_PHONE_INNER), email: word(row.EMAIL) });
    }
    start = answer.next;
  }
  return users;
}
