import type { Named } from '../domain/interaction/interaction.ts';
import type { View } from '../domain/interaction/view.ts';

/** The user or program behind a desk connection. */
export interface Viewer {
  /** Author of notes and decisions. */
  readonly by: Named;
  /** The manager whose desk it is; null: presence and alarms only. */
  readonly manager: Named | null;
  /** What the viewer may see; null: everything. */
  readonly view: View | null;
  /** Whether the viewer gets alarms about colleagues (mass reading). */
  readonly supervises: boolean;
  /** Names under which changed rights are reported: the login or `token:NAME`, and the hash of the session or token. */
  readonly whose: readonly string[];
  /** The viewer with current rights, null after a logout. Checked before each decision, so that a logout takes effect at once. */
  current(): Promise<Viewer | null>;
}
