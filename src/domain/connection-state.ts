/** How a connection fares, as people see it. `standby`: another instance has it. */
export type ConnectionHealth = 'standby' | 'connecting' | 'ready' | 'degraded' | 'failed' | 'stopped';

export interface ConnectionState {
  readonly connection: string;
  readonly kind: string;
  readonly health: ConnectionHealth;
  /** In words for an administrator, without secrets; null when there is nothing to tell. */
  readonly reason: string | null;
  /** Milliseconds since the epoch. */
  readonly since: number;
}
