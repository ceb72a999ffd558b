import type { ManagerId } from '../../domain/base/ids.ts';
import { parseExtension } from '../../domain/directory/extension-place.ts';
import { cleanText } from '../../domain/directory/identifiers.ts';
import type { Manager, Staff } from '../../domain/directory/manager.ts';
import type { Logger } from '../../runtime/log.ts';
import { mergeUsers, type RemoteUser, type UserReading } from './remote-users.ts';
import { parseUsers } from './stored-users.ts';

/** Dependencies of a {@link ManagerMap}. */
export interface ManagerMapParts {
  readonly staff: () => Staff;
  /** The user of the other side by manager, where an administrator has set it. */
  readonly users: Readonly<Record<string, string>>;
  /** Whether users are also found by name, if nothing else finds them; `users` may then hold names as well. */
  readonly byName?: boolean;
  /** Reads the other side's users. */
  readonly read: (signal: AbortSignal) => Promise<UserReading>;
  /** Keeps the known users through restarts. */
  readonly cursor: { get(name: string): Promise<string | null>; set(name: string, value: string): Promise<void> };
  readonly now: () => number;
  readonly log: Logger;
}

/** How long the list of users is used, and how soon a failed reading is repeated, in milliseconds. */
const freshFor = 600_000;
const retryAfter = 30_000;

const cursorName = 'users';

/**
 * Finds the other side's user of a manager: as set, else by extension, else by e-mail address. A reading that fails or
 * is empty never makes it forget a user that it knows.
 */
export class ManagerMap {
  readonly #parts: ManagerMapParts;
  #known: readonly RemoteUser[] | null = null;
  #staleAt = Number.NEGATIVE_INFINITY;
  #reading: Promise<void> | null = null;

  constructor(parts: ManagerMapParts) {
    this.#parts = parts;
  }

  /** The active user of a manager, or null. Rejects only if no user is known at all. */
  async userOf(manager: ManagerId, signal: AbortSignal): Promise<RemoteUser | null> {
    const one = this.#parts.staff().managers.find(({ id }) => id === manager);
    return one === undefined ? null : userOf(one, await this.users(signal), this.#parts);
  }

  /** The manager who is a user, or null. */
  async managerOf(user: string, signal: AbortSignal): Promise<ManagerId | null> {
    const users = await this.users(signal);
    return this.#parts.staff().managers.find((manager) => userOf(manager, users, this.#parts)?.id === user)?.id ?? null;
  }

  /** The active user with an extension, or null. */
  async byExtension(extension: string, signal: AbortSignal): Promise<RemoteUser | null> {
    return withExtension(await this.users(signal), parseExtension(extension).number);
  }

  /** A user, also one that is not active, or null. */
  async byId(id: string, signal: AbortSignal): Promise<RemoteUser | null> {
    return (await this.users(signal)).find((user) => user.id === id) ?? null;
  }

  /** All known users. Rejects with a ServiceError if they can't be read and none is known. */
  async users(signal: AbortSignal): Promise<readonly RemoteUser[]> {
    const { now, cursor } = this.#parts;
    this.#known ??= parseUsers(await cursor.get(cursorName));
    // While no user is known, nobody is mapped: that is no answer to give in the meantime.
    if (this.#known.length === 0 || now() >= this.#staleAt) {
      this.#reading ??= this.#read(signal).finally(() => {
        this.#reading = null;
      });
      await this.#reading;
    }
    return this.#known;
  }

  async #read(signal: AbortSignal): Promise<void> {
    const { read, now, cursor, log } = this.#parts;
    const before = this.#known ?? [];
    try {
      const found = await read(signal);
      const merged = mergeUsers(before, found);
      if (found.users.length === 0 && before.length > 0) log.warn('the CRM lists no users; keeping the known ones');
      this.#known = merged;
      this.#staleAt = now() + freshFor;
      const [old, next] = [JSON.stringify(before), JSON.stringify(merged)];
      if (old !== next) await cursor.set(cursorName, next);
    } catch (error) {
      this.#staleAt = now() + retryAfter;
      if (before.length === 0) throw error;
      log.warn({ err: error }, "could not read the CRM's users; keeping the known ones");
    }
  }
}

type Rules = Pick<ManagerMapParts, 'users' | 'byName'>;

function userOf(manager: Manager, users: readonly RemoteUser[], { users: set, byName }: Rules): RemoteUser | null {
  const wanted = Object.hasOwn(set, manager.id) ? set[manager.id] : undefined;
  if (wanted !== undefined) {
    const user = users.find(({ id }) => id === wanted) ?? (byName === true ? withName(users, wanted) : null);
    if (user !== null) return user.isActive ? user : null;
    // The setting holds even for a user that the reading did not list, unless it is a name.
    return byName === true ? null : { id: wanted, name: null, extension: null, email: null, isActive: true };
  }
  for (const extension of manager.extensions) {
    const user = withExtension(users, parseExtension(extension).number);
    if (user !== null) return user;
  }
  const email = manager.email?.toLowerCase();
  const user = users.find((one) => one.isActive && email !== undefined && one.email?.toLowerCase() === email);
  return user ?? (byName === true ? withName(users, manager.name) : null);
}

/** The only active user of a name. Of two with one name, nobody knows which is meant. */
function withName(users: readonly RemoteUser[], name: string): RemoteUser | null {
  const wanted = comparable(name);
  const [user, ...others] = users.filter((one) => one.isActive && one.name !== null && comparable(one.name) === wanted);
  return user === undefined || others.length > 0 ? null : user;
}

function comparable(name: string): string {
  return cleanText(name, 200).toLowerCase().replaceAll('ё', 'е').split(/\s+/).join(' ');
}

function withExtension(users: readonly RemoteUser[], extension: string): RemoteUser | null {
  return users.find((user) => user.isActive && user.extension === extension) ?? null;
}
