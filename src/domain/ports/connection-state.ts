/** How a connection fares, as people see it. `standby`: another instance has it. */
export type ConnectionHealth = 'standby' | 'connecting' | 'ready' | 'degraded' | 'failed' | 'stopped';

export interface ConnectionState {
  readonly connection: string;
  readonly kind: string;
  readonly health: ConnectionHealth;
  /** In words for an administrator, without secrets; null when there is nothing to tell. */
  readonly reason: string | null;
  /** Since when it has been well, or has not: trouble that changes its words is the same trouble. Milliseconds since the epoch. */
  readonly since: number;
}

/** Whether a connection does what it is for, or nothing is expected of it here. */
export function isWell(health: ConnectionHealth): boolean {
  return health === 'ready' || health === 'standby' || health === 'stopped';
}

/** Since when a connection is as it is now reported: trouble that becomes another trouble goes on. */
export function sinceWhen(before: ConnectionState | undefined, health: ConnectionHealth, now: number): number {
  if (before === undefined) return now;
  const goesOn = before.health === health || (!isWell(before.health) && !isWell(health));
  return goesOn ? before.since : now;
}
