import type { CallLeg } from '../interaction/contact-event.ts';

/** Whether an employee, not an answering machine or a menu, is at the end of a leg. */
export function isHumanLeg(leg: Pick<CallLeg, 'kind'>): boolean {
  return leg.kind === 'extension' || leg.kind === 'mobile';
}
