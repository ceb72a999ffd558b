import type { Named } from '../domain/interaction/interaction.ts';
import type { View } from '../domain/interaction/view.ts';

/** Who sits before a desk. */
export interface Viewer {
  /** Signs notes and decisions. */
  readonly by: Named;
  /** Whose desk it is; null: presence and alarms only. */
  readonly manager: Named | null;
  /** What may be seen; null: everything. */
  readonly view: View | null;
  /** Whether alarms about colleagues (mass reading) are for this viewer. */
  readonly supervises: boolean;
  /** What changes of rights name it by: the login or `token:NAME`, and the hash of its session or token. */
  readonly whose: readonly string[];
  /** The same viewer by the rights of now, null once logged out; asked before each decision, so that a logout takes effect at once. */
  current(): Promise<Viewer | null>;
}
