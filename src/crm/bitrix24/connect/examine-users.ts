import type { Finding } from '../../../domain/base/finding.ts';
import { asServiceError } from '../../../runtime/http/service-error.ts';
import type { Bitrix24Parts } from '../parts.ts';

/** Says whose users our managers are, and who is missing. */
export async function examineUsers(
  { users, context, config }: Bitrix24Parts,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const what = 'managers and users';
  try {
    const { managers } = context.staff();
    const known = await users.all(signal);
    const found = await Promise.all(managers.map(async ({ id }) => [id, await users.of(id, signal)] as const));
    const missing = found.flatMap(([id, user]) => (user === null ? [id] : []));
    const inactive = Object.entries(config.users ?? {}).flatMap(([manager, user]) => {
      const one = known.find(({ id }) => id === String(user));
      return one?.isActive === false ? [manager] : [];
    });
    const bare = found.flatMap(([id, user]) => (user !== null && user.extension === null ? [id] : []));
    const notes = [
      ...(missing.length > 0
        ? [
            `no user for ${missing.join(', ')}: enter their extensions in the telephony settings of the portal, or set \`users\``,
          ]
        : []),
      ...(inactive.length > 0 ? [`the user set for ${inactive.join(', ')} is not active`] : []),
      ...(bare.length > 0 ? [`without an extension in the portal: ${bare.join(', ')}`] : []),
    ];
    const count = `${managers.length - missing.length} of ${managers.length} managers found among ${known.length} users`;
    return [{ what, ok: missing.length === 0, detail: [count, ...notes].join('; ') }];
  } catch (error) {
    return [{ what, ok: false, detail: asServiceError(error).message }];
  }
}
