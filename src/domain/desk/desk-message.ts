import type { Interaction } from '../interaction/interaction.ts';
import { ownerOf } from '../written/conversation.ts';

/** Kinds of numbered desk messages. Presence is not one of them: it has no `seq`. */
export type DeskKind = 'pop' | 'update';

/** One numbered message of one manager's desk. `seq` grows by one per manager. */
export interface DeskEntry {
  readonly manager: string;
  readonly seq: number;
  readonly kind: DeskKind;
}

/** A manager whom a change of an interaction concerns. */
export interface DeskAudience {
  readonly manager: string;
  readonly kind: DeskKind;
}

/**
 * The managers to notify of the change from `before` to `after`. A manager whose telephone begins to ring gets a `pop`; those who are or
 * were on the call, are responsible for the client or handled it get an `update`. A call that has ended is never a `pop`. A new letter,
 * message or form pops up for the manager who has to answer it, unless a machine wrote it. A conversation that is handed over pops up
 * for its new manager.
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
