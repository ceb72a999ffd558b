import type { Interaction } from '../interaction/interaction.ts';
import { ownerOf } from '../written/conversation.ts';

/** Kinds of numbered desk messages. Other messages, such as presence, have no `seq`. */
export type DeskKind = 'pop' | 'update';

/** A numbered message for a manager's desk. `seq` increases by one for each message of that manager. */
export interface DeskEntry {
  readonly manager: string;
  readonly seq: number;
  readonly kind: DeskKind;
}

/** A manager to notify of a change. */
export interface DeskAudience {
  readonly manager: string;
  readonly kind: DeskKind;
}

/**
 * The managers to notify of the change from `before` to `after`. A `pop` goes to a manager whose telephone starts ringing (again), to the
 * manager who has to answer a new letter, message or form (unless it is automatic), and to the new manager of a handed over
 * conversation. Others who are or were on the call, are responsible for the client or handled the contact get an `update`. An ended
 * call is never a `pop`.
 */
export function deskAudience(before: Interaction | null, after: Interaction): readonly DeskAudience[] {
  if (after.direction === 'internal') return [];
  const live = after.endedAt === null;
  const everybody = new Set([...involved(after), ...(before === null ? [] : involved(before))]);
  const arrives = before === null && after.state === 'received' && after.automatic === null;
  const handed = (after.handovers?.length ?? 0) > (before?.handovers?.length ?? 0);
  return [...everybody].map((manager) => {
    if ((arrives || handed) && manager === ownerOf(after)?.id) return { manager, kind: 'pop' };
    const rings = live && ringsOf(after, manager) > (before === null ? 0 : ringsOf(before, manager));
    return { manager, kind: rings ? 'pop' : 'update' };
  });
}

/** How often the call has come to a manager. A colleague who is rung once more is shown the card again. */
function ringsOf({ legs }: Interaction, manager: string): number {
  return legs.reduce((sum, leg) => sum + (leg.manager?.id === manager ? Math.max(1, leg.rings ?? 0) : 0), 0);
}

function onCall(interaction: Interaction): readonly string[] {
  return interaction.legs.map((leg) => leg.manager?.id).filter((id) => id !== undefined);
}

function involved(interaction: Interaction): readonly string[] {
  const { responsible, assignee, handledBy } = interaction;
  const others = [responsible?.id, assignee?.id, handledBy?.id].filter((id) => id !== undefined);
  return [...onCall(interaction), ...others];
}
