import type { ManagerId } from '../../../domain/base/ids.ts';
import { type Interaction, isLive, type Named } from '../../../domain/interaction/interaction.ts';
import { bareExtension, isOurs } from '../../shared/our-legs.ts';
import type { Bitrix24Parts } from '../parts.ts';
import { defaultUser } from '../users/default-user.ts';
import type { Staff } from './talks.ts';

/** Finds the portal users of a call. Rejects with a ServiceError. */
export async function staffOf(call: Interaction, parts: Bitrix24Parts, signal: AbortSignal): Promise<Staff> {
  const legs = await Promise.all(
    call.legs.map((leg) => (isOurs(call, leg) ? userOf(leg.manager, leg.extension, parts, signal) : null)),
  );
  const owner = await ownerOf(call, legs, parts, signal);
  const isUnknownTalker = call.legs.some((leg, at) => isOurs(call, leg) && leg.talkedAt !== null && legs[at] === null);
  const isNobodys = owner === null && !isLive(call.state);
  const fallback = isUnknownTalker || isNobodys ? await defaultUser(parts, signal) : null;
  return { legs, owner, fallback };
}

async function ownerOf(
  call: Interaction,
  legs: readonly (number | null)[],
  parts: Bitrix24Parts,
  signal: AbortSignal,
): Promise<number | null> {
  const manager = ownerBySettings(call, parts.config.misses);
  const found = manager === null ? null : await userOf(manager, null, parts, signal);
  return found ?? lastRung(call, legs);
}

/** Whose the call is if nobody talked: who made it, or the person of the setting `misses`. */
function ownerBySettings({ direction, handledBy, responsible }: Interaction, misses: string): Named | null {
  if (direction !== 'inbound') return handledBy;
  if (misses === 'last') return null;
  return misses === 'responsible' ? responsible : { id: misses, name: misses };
}

/** The user whose telephone rang last. */
function lastRung(call: Interaction, legs: readonly (number | null)[]): number | null {
  const rang = call.legs.flatMap(({ lastRangAt, rangAt }, index) => {
    const [user, at] = [legs[index] ?? null, lastRangAt ?? rangAt];
    return user === null || at === null ? [] : [{ user, at: Date.parse(at) }];
  });
  return rang.sort((a, b) => b.at - a.at)[0]?.user ?? null;
}

async function userOf(
  manager: Named | null,
  extension: string | null,
  { users }: Bitrix24Parts,
  signal: AbortSignal,
): Promise<number | null> {
  const own = manager === null ? null : await users.of(manager.id as ManagerId, signal);
  if (own !== null) return own.id;
  const bare = bareExtension(extension);
  return bare === null ? null : ((await users.byExtension(bare, signal))?.id ?? null);
}
