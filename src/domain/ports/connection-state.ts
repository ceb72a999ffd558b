import type { Reason } from '../base/reason.ts';
import { reasonText } from '../reasons/reasons.ts';

/** The health of a connection, as people see it. `standby`: another instance runs it. */
export type ConnectionHealth = 'standby' | 'connecting' | 'ready' | 'degraded' | 'failed' | 'stopped';

/** The current state of one connection. */
export interface ConnectionState {
  readonly connection: string;
  readonly kind: string;
  readonly health: ConnectionHealth;
  /** Explanation for an administrator without secrets, or null. */
  readonly reason: string | null;
  /** The same as a code. */
  readonly stateReason: Reason | null;
  /** Since when it has been well, or has not, in milliseconds since the epoch. Trouble whose reason changes is the same trouble. */
  readonly since: number;
}

/** Whether a connection works, or is not expected to work here. */
export function isWell(health: ConnectionHealth): boolean {
  return health === 'ready' || health === 'standby' || health === 'stopped';
}

/** The start of the current phase: a change from one kind of trouble to another continues it. */
export function sinceWhen(before: ConnectionState | undefined, health: ConnectionHealth, now: number): number {
  if (before === undefined) return now;
  const goesOn = before.health === health || (!isWell(before.health) && !isWell(health));
  return goesOn ? before.since : now;
}

/** A reason as a connection's state holds it. */
export function reasonOfState(reason: Reason | null): Pick<ConnectionState, 'reason' | 'stateReason'> {
  return { reason: reason === null ? null : reasonText(reason), stateReason: reason };
}
