import type { ManagerId } from '../../../domain/base/ids.ts';
import type { Interaction, Named } from '../../../domain/interaction/interaction.ts';
import { ownerOf } from '../../shared/owner.ts';
import type { OnecParts } from '../parts.ts';
import type { OnecUser } from '../users/users.ts';

/** Whose a contact is in the base; null if nobody's there. */
export async function onecOwner(
  contact: Interaction,
  { config, users }: Pick<OnecParts, 'config' | 'users'>,
  signal: AbortSignal,
): Promise<OnecUser | null> {
  for (const manager of contact.channel === 'call' ? callOwners(contact, config.misses) : [ownerOf(contact)]) {
    const user = manager === null ? null : await users.of(manager.id as ManagerId, signal);
    if (user !== null) return user;
  }
  return null;
}

/** Who talked last or made the call; of a missed one, the person of the setting `misses`, else whom it rang last. */
function callOwners(call: Interaction, misses: string): readonly (Named | null)[] {
  const { direction, state, handledBy, responsible } = call;
  if (direction !== 'inbound' || state === 'answered') return [handledBy, responsible];
  const last = lastRung(call);
  if (misses === 'last') return [last, responsible];
  return [misses === 'responsible' ? responsible : { id: misses, name: misses }, last];
}

function lastRung({ legs }: Interaction): Named | null {
  const rang = legs.flatMap(({ manager, lastRangAt, rangAt }) => {
    const at = lastRangAt ?? rangAt;
    return manager === null || at === null ? [] : [{ manager, at: Date.parse(at) }];
  });
  return rang.toSorted((a, b) => b.at - a.at)[0]?.manager ?? null;
}
