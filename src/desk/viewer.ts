import type { Named } from '../domain/interaction.ts';

/** Who sits before a desk. */
export interface Viewer {
  /** Signs notes and decisions. */
  readonly by: Named;
  /** Whose desk it is; null: presence and alarms only. */
  readonly manager: Named | null;
  /** Whether the session or token is still good; asked with each heartbeat, so that a logout takes effect. */
  stillValid(): Promise<boolean>;
}
