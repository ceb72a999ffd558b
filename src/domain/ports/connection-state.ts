/** The health of a connection as shown to people. `standby` means that another instance runs it. */
export type ConnectionHealth = 'standby' | 'connecting' | 'ready' | 'degraded' | 'failed' | 'stopped';

export interface ConnectionState {
  readonly connection: string;
  readonly kind: string;
  readonly health: ConnectionHealth;
  /** Explanation for an administrator without secrets, or null. */
  readonly reason: string | null;
  /**
   * Start of the current good or bad phase, in milliseconds since the epoch. A change from one kind of trouble to
   * another does not restart it.
   */
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
