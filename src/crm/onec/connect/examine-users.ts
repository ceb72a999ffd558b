import type { Finding } from '../../../domain/base/finding.ts';
import { asServiceError } from '../../../runtime/http/service-error.ts';
import type { OnecParts } from '../parts.ts';

/** Says whose users our managers are, and who is missing. */
export async function examineUsers(
  { users, context }: Pick<OnecParts, 'users' | 'context'>,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const what = 'managers and users';
  try {
    const { managers } = context.staff();
    const known = await users.all(signal);
    const found = await Promise.all(managers.map(async ({ id }) => [id, await users.of(id, signal)] as const));
    const mapped = found.flatMap(([id, user]) => (user === null ? [] : [`${id} is ${user.name ?? user.responsible}`]));
    const missing = found.flatMap(([id, user]) => (user === null ? [id] : []));
    const notes = [
      `${mapped.length} of ${managers.length} managers found among ${known.length} users`,
      ...mapped,
      ...(missing.length > 0
        ? [
            `no user for ${missing.join(', ')}: enter their extensions or e-mail addresses in the contact information of their users, or set \`users\``,
          ]
        : []),
    ];
    return [{ what, ok: missing.length === 0, detail: notes.join('; ') }];
  } catch (error) {
    return [{ what, ok: false, detail: asServiceError(error).message }];
  }
}
