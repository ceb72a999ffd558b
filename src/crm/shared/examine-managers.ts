import type { Finding } from '../../domain/base/finding.ts';
import type { ManagerId } from '../../domain/base/ids.ts';
import type { Staff } from '../../domain/directory/manager.ts';
import { asServiceError } from '../../runtime/http/service-error.ts';
import type { RemoteUser } from './remote-users.ts';

/** A manager with the user of the other side, or null. */
export type MappedManager<User> = readonly [manager: ManagerId, user: User | null];

/** How a core finds the users of managers. */
export interface ExaminedUsers<User> {
  readonly staff: () => Staff;
  readonly all: (signal: AbortSignal) => Promise<readonly RemoteUser[]>;
  readonly of: (manager: ManagerId, signal: AbortSignal) => Promise<User | null>;
  /** What to do about managers without a user. */
  readonly advice: string;
  /** What else there is to say. */
  readonly notes: (found: readonly MappedManager<User>[], known: readonly RemoteUser[]) => readonly string[];
}

/** Says whose users our managers are, and who is missing. */
export async function examineManagers<User>(
  { staff, all, of, advice, notes }: ExaminedUsers<User>,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const what = 'managers and users';
  try {
    const { managers } = staff();
    const known = await all(signal);
    const found = await Promise.all(managers.map(async ({ id }) => [id, await of(id, signal)] as const));
    const missing = found.flatMap(([id, user]) => (user === null ? [id] : []));
    const count = `${managers.length - missing.length} of ${managers.length} managers found among ${known.length} users`;
    const lacking = missing.length > 0 ? [`no user for ${missing.join(', ')}: ${advice}`] : [];
    return [{ what, ok: missing.length === 0, detail: [count, ...lacking, ...notes(found, known)].join('; ') }];
  } catch (error) {
    return [{ what, ok: false, detail: asServiceError(error).message }];
  }
}
