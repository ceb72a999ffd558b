import { type Interaction, isLive, type Leg } from '../interaction/interaction.ts';

/** Whether a manager's telephone is ringing or in use for this call. Internal calls are not shown on desks. */
export function isCallAt(call: Interaction, manager: string): boolean {
  return openLegs(call, manager).length > 0;
}

/** Whether the call is ringing at a manager's telephone. */
export function ringsAt(call: Interaction, manager: string): boolean {
  return openLegs(call, manager).some((leg) => leg.talkedAt === null);
}

function openLegs({ state, endedAt, direction, mergedInto, legs }: Interaction, manager: string): readonly Leg[] {
  if (!isLive(state) || endedAt !== null || direction === 'internal' || mergedInto !== null) return [];
  return legs.filter((leg) => leg.manager?.id === manager && leg.endedAt === null);
}
