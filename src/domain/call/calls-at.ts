import { type Interaction, isLive, type Leg } from '../interaction/interaction.ts';

/** Whether a call rings or is talked at a manager now. Internal calls have no desk. */
export function isCallAt(call: Interaction, manager: string): boolean {
  return openLegs(call, manager).length > 0;
}

/** Whether a call rings at a manager now. */
export function ringsAt(call: Interaction, manager: string): boolean {
  return openLegs(call, manager).some((leg) => leg.talkedAt === null);
}

function openLegs({ state, endedAt, direction, mergedInto, legs }: Interaction, manager: string): readonly Leg[] {
  if (!isLive(state) || endedAt !== null || direction === 'internal' || mergedInto !== null) return [];
  return legs.filter((leg) => leg.manager?.id === manager && leg.endedAt === null);
}
