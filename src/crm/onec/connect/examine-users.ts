import type { Finding } from '../../../domain/base/finding.ts';
import { examineManagers } from '../../shared/examine-managers.ts';
import type { OnecParts } from '../parts.ts';

/** Says whose users our managers are, and who is missing. */
export function examineUsers(
  { users, context }: Pick<OnecParts, 'users' | 'context'>,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  return examineManagers(
    {
      staff: context.staff,
      all: users.all,
      of: users.of,
      advice: 'enter their extensions or e-mail addresses in the contact information of their users, or set `users`',
      notes: (found) =>
        found.flatMap(([id, user]) => (user === null ? [] : [`${id} is ${user.name ?? user.responsible}`])),
    },
    signal,
  );
}
