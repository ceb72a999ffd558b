import type { Finding } from '../../../domain/base/finding.ts';
import { examineManagers } from '../../shared/examine-managers.ts';
import type { Bitrix24Parts } from '../parts.ts';

/** Says whose users our managers are, and who is missing. */
export function examineUsers(
  { users, context, config }: Bitrix24Parts,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  return examineManagers(
    {
      staff: context.staff,
      all: users.all,
      of: users.of,
      advice: 'enter their extensions in the telephony settings of the portal, or set `users`',
      notes(found, known) {
        const inactive = Object.entries(config.users ?? {}).flatMap(([manager, user]) => {
          const one = known.find(({ id }) => id === String(user));
          return one?.isActive === false ? [manager] : [];
        });
        const bare = found.flatMap(([id, user]) => (user !== null && user.extension === null ? [id] : []));
        return [
          ...(inactive.length > 0 ? [`the user set for ${inactive.join(', ')} is not active`] : []),
          ...(bare.length > 0 ? [`without an extension in the portal: ${bare.join(', ')}`] : []),
        ];
      },
    },
    signal,
  );
}
