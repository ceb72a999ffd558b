import type { ManagerId } from '../../../domain/base/ids.ts';
import type { Interaction, Named } from '../../../domain/interaction/interaction.ts';
import type { Bitrix24Parts } from '../parts.ts';
import { defaultUser } from '../users/default-user.ts';

/** The portal user of a manager, or the one for managers whom the portal does not know. */
export async function userFor(
  manager: Named | null,
  parts: Pick<Bitrix24Parts, 'config' | 'dictionary' | 'users'>,
  signal: AbortSignal,
): Promise<number> {
  const own = manager === null ? null : await parts.users.of(manager.id as ManagerId, signal);
  return own?.id ?? defaultUser(parts, signal);
}

/** Whose a letter, message or form is: who wrote it, or who has to answer it. */
export function ownerOf({ direction, handledBy, assignee, responsible }: Interaction): Named | null {
  return direction === 'outbound' ? (handledBy ?? responsible) : (assignee ?? responsible ?? handledBy);
}
