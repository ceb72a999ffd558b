import type { ConnectionHealth } from '../../domain/ports/connection-state.ts';
import type { Connector, ConnectorContext } from '../contract.ts';
import { MailCredentials } from './imap/credentials.ts';
import { FolderWatch } from './imap/folder-watch.ts';
import { folderWishes } from './imap/session.ts';
import type { MailConfig } from './schema.ts';

/** From worst to best. */
const severity: readonly ConnectionHealth[] = ['failed', 'degraded', 'connecting', 'ready'];

/** Watches the folders of a mailbox, and reports their combined state. */
export class Mailbox implements Connector {
  readonly #context: ConnectorContext;
  readonly #watches: readonly FolderWatch[];
  readonly #states = new Map<string, { readonly health: ConnectionHealth; readonly reason: string | null }>();

  constructor(config: MailConfig, context: ConnectorContext, credentials = new MailCredentials(config)) {
    this.#context = context;
    this.#watches = folderWishes(config).map((wish) => {
      this.#states.set(wish.name, { health: 'connecting', reason: null });
      const onState = (health: ConnectionHealth, reason: string | null) => this.#setState(wish.name, health, reason);
      return new FolderWatch({ config, context, wish, credentials, onState });
    });
  }

  async start(): Promise<void> {
    for (const watch of this.#watches) watch.start();
  }

  async stop(): Promise<void> {
    await Promise.all(this.#watches.map((watch) => watch.stop()));
  }

  /** The state of the mailbox is that of its worst folder. */
  #setState(folder: string, health: ConnectionHealth, reason: string | null): void {
    this.#states.set(folder, { health, reason });
    const all = [...this.#states];
    const state = severity.find((one) => all.some(([, folderState]) => folderState.health === one)) ?? 'ready';
    const reasons = all.flatMap(([name, one]) => (one.reason === null ? [] : [`${name}: ${one.reason}`]));
    this.#context.reportState(state, reasons.length === 0 ? null : reasons.join('; '));
  }
}
