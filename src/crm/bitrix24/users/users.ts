import type { ManagerId } from '../../../domain/base/ids.ts';
import { reason } from '../../../domain/reasons/reasons.ts';
import { type Fields, fields, id, joinedName, list, word } from '../../../runtime/http/fields.ts';
import { ServiceError } from '../../../runtime/http/service-error.ts';
import type { CoreContext } from '../../contract.ts';
import { ManagerMap } from '../../shared/manager-map.ts';
import type { ReadUser, RemoteUser, UserReading } from '../../shared/remote-users.ts';
import { service } from '../api/errors.ts';
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
  /** The active user with an extension, or null. */
  byExtension(extension: string, signal: AbortSignal): Promise<PortalUser | null>;
  /** The active user of a manager: as set in `users`, else by extension, else by e-mail address; or null. */
  of(manager: ManagerId, signal: AbortSignal): Promise<PortalUser | null>;
  /** The manager who is a user, or null. */
  managerOf(user: number, signal: AbortSignal): Promise<ManagerId | null>;
  /** All known users, also those who are not active. */
  all(signal: AbortSignal): Promise<readonly RemoteUser[]>;
}

/** Opens the portal's users. They are known through restarts, and a failed reading never loses one. */
export function openUsers(
  portal: Portal,
  { staff, cursor, clock, log }: Pick<CoreContext, 'staff' | 'cursor' | 'clock' | 'log'>,
  users: Readonly<Record<string, number>> = {},
): Users {
  const map = new ManagerMap({
    staff,
    cursor,
    log,
    now: () => clock.now(),
    users: Object.fromEntries(Object.entries(users).map(([manager, user]) => [manager, String(user)])),
    read: (signal) => readUsers(portal, signal),
  });
  return {
    byExtension: async (extension, signal) => portalUser(await map.byExtension(extension, signal)),
    of: async (manager, signal) => portalUser(await map.userOf(manager, signal)),
    managerOf: (user, signal) => map.managerOf(String(user), signal),
    all: (signal) => map.users(signal),
  };
}

function portalUser(user: RemoteUser | null): PortalUser | null {
  return user === null ? null : { id: Number(user.id), extension: user.extension, email: user.email };
}

/** More pages than any company has users; an answer that always names a next page must not keep us busy. */
const maxPages = 400;

async function readUsers(portal: Portal, signal: AbortSignal): Promise<UserReading> {
  const users: ReadUser[] = [];
  let rows = 0;
  let total: number | null = null;
  let start: number | null = 0;
  for (let page = 0; start !== null && page < maxPages; page += 1) {
    const answer = await portal.call('user.get', { sort: 'ID', order: 'ASC', start }, { signal });
    const found = list(answer.result).map(fields);
    users.push(...found.map(readUser).filter((user) => user !== null));
    rows += found.length;
    total ??= answer.total;
    start = answer.next !== null && answer.next > start ? answer.next : null;
  }
  // A portal has users: an answer without any is none.
  if (rows === 0) throw new ServiceError('later', reason('answerUnclear', { service }));
  return { users, isComplete: total !== null && rows >= total && users.length === rows };
}

function readUser(row: Fields): ReadUser | null {
  const user = id(row.ID);
  if (user === null || !/^[1-9]\d{0,14}$/.test(user)) return null;
  const optional = (name: string, read: (value: unknown) => string | null) =>
    name in row ? read(row[name]) : undefined;
  return {
    id: user,
    name: 'NAME' in row || 'LAST_NAME' in row ? joinedName(row.NAME, row.LAST_NAME) : undefined,
    extension: optional('UF_PHONE_INNER', (value) => id(typeof value === 'string' ? value.trim() : value)),
    email: optional('EMAIL', (value) => word(value)),
    isActive: row.ACTIVE !== false && row.ACTIVE !== 'N',
  };
}
