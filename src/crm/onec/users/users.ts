import type { ManagerId } from '../../../domain/base/ids.ts';
import type { CoreContext } from '../../contract.ts';
import { ManagerMap } from '../../shared/manager-map.ts';
import type { RemoteUser } from '../../shared/remote-users.ts';
import type { Base } from '../api/base.ts';
import type { Metadata } from '../metadata/metadata.ts';
import type { PageOrder } from '../paging.ts';
import { readUsers } from './read-users.ts';
import { parseStaffId } from './staff-id.ts';

/** Somebody who works in the base. */
export interface OnecUser {
  /** The reference that attributes named Ответственный hold: a user, in УНФ an employee. */
  readonly responsible: string;
  /** The reference that attributes named Автор hold: a user. Null for an employee without one. */
  readonly user: string | null;
  readonly name: string | null;
  readonly extension: string | null;
}

/** The users of a base. */
export interface Users {
  /** The active user of a manager: as set in `users`, else by extension, e-mail address or name; or null. */
  of(manager: ManagerId, signal: AbortSignal): Promise<OnecUser | null>;
  /** The active user with an extension, or null. */
  byExtension(extension: string, signal: AbortSignal): Promise<OnecUser | null>;
  /** The managers who are responsible persons of the base, by their references. Others are left out. */
  managersOf(responsible: Iterable<string>, signal: AbortSignal): Promise<ReadonlyMap<string, ManagerId>>;
  /** All known users, also those who are not active. */
  all(signal: AbortSignal): Promise<readonly RemoteUser[]>;
}

/** Dependencies of {@link openUsers}. */
export interface UsersParts {
  readonly base: Base;
  readonly metadata: Metadata;
  readonly order: (signal: AbortSignal) => Promise<PageOrder>;
  readonly context: Pick<CoreContext, 'staff' | 'cursor' | 'clock' | 'log'>;
  /** The setting `users`. */
  readonly users: Readonly<Record<string, string>>;
}

/** Opens the users of a base. They are known through restarts, and a failed or empty reading never loses one. */
export function openUsers({ base, metadata, order, context, users }: UsersParts): Users {
  const { staff, cursor, clock, log } = context;
  const map = new ManagerMap({
    staff,
    cursor,
    log,
    now: () => clock.now(),
    users,
    byName: true,
    read: (signal) =>
      metadata.using(signal, ['users'], async (mapping) =>
        readUsers(base, mapping, await order(signal), { signal, urgency: 'live' }),
      ),
  });
  const all = (signal: AbortSignal) => map.users(signal);
  return {
    of: async (manager, signal) => onecUser(await map.userOf(manager, signal)),
    byExtension: async (extension, signal) => onecUser(await map.byExtension(extension, signal)),
    async managersOf(responsible, signal) {
      const wanted = new Set(responsible);
      const found = new Map<string, ManagerId>();
      if (wanted.size === 0) return found;
      for (const { id } of await all(signal)) {
        const { responsible: key } = parseStaffId(id);
        const manager = wanted.has(key) ? await map.managerOf(id, signal) : null;
        if (manager !== null) found.set(key, manager);
      }
      return found;
    },
    all,
  };
}

function onecUser(found: RemoteUser | null): OnecUser | null {
  return found === null ? null : { ...parseStaffId(found.id), name: found.name, extension: found.extension };
}
