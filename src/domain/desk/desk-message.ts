import type { Interaction } from '../interaction/interaction.ts';
import { ownerOf } from '../written/conversation.ts';

/** What a manager's desk is told in the committing transaction. Presence has no place here: it has no `seq`. */
export type DeskKind = 'pop' | 'update';

/** One numbered message of one manager's desk. `seq` grows by one per manager. */
export interface DeskEntry {
  readonly manager: string;
  readonly seq: number;
  readonly kind: DeskKind;
}

/** Whom a change of an interaction concerns. */
export interface DeskAudience {
  readonly manager: string;
  readonly kind: DeskKind;
}

/**
 * Who is to hear of the change from `before` to `after`: a manager whose telephone begins to ring gets
 * a `pop`; whoever is or was on the call, is responsible for the client, or handled it gets an `update`.
 * A call that has ended is never a `pop`. A letter, message or form that has just come in pops up for who is to answer
 * it, unless a machine wrote it; so does a conversation for whom it is handed over to.
 */
export function deskAudience(before: Interaction | null, after: Interaction): readonly DeskAudience[] {
  if (after.direction === 'internal') return [];
  const live = after.endedAt === null;
  const onCallBefore = new Set(before === null ? [] : onCall(before));
  const onCallNow = new Set(onCall(after));
  const everybody = new Set([...involved(after), ...(before === null ? [] : involved(before))]);
  const arrives = before === null && after.state === 'received' && after.automatic === null;
  const handed = (after.handovers?.length ?? 0) > (before?.handovers?.length ?? 0);
  return [...everybody].map((manager) => {
    if ((arrives || handed) && manager === ownerOf(after)?.id) return { manager, kind: 'pop' };
    const begins = live && onCallNow.has(manager) && !onCallBefore.has(manager);
    return { manager, kind: begins ? 'pop' : 'update' };
  });
}

function onCall(interaction: Interaction): readonly string[] {
  return interaction.legs.map((leg) => leg.manager?.id).filter((id) => id !== undefined);
}

function involved(interaction: Interaction): readonly string[] {
  const { responsible, assignee, handledBy } = interaction;
  const others = [responsible?.id, assignee?.id, handledBy?.id].filter((id) => id !== undefined);
  return [...onCall(interaction), ...others];
}
