import type { ConnectionHealth } from '../../domain/ports/connection-state.ts';
import type { Connector, ConnectorContext } from '../contract.ts';
import { MailCredentials } from './imap/credentials.ts';
import { FolderWatch } from './imap/folder-watch.ts';
import { folderWishes } from './imap/session.ts';
import type { MailConfig } from './schema.ts';

const worst: readonly ConnectionHealth[] = ['failed', 'degraded', 'connecting', 'ready'];

/** One mailbox: its folders are watched, and what lies in them becomes contacts. */
export class Mailbox implements Connector {
  readonly #context: ConnectorContext;
  readonly #watches: readonly FolderWatch[];
  readonly #states = new Map<string, { readonly health: ConnectionHealth; readonly reason: string | null }>();

  constructor(config: MailConfig, context: ConnectorContext, credentials = new MailCredentials(config)) {
    this.#context = context;
    this.#watches = folderWishes(config).map((wish) => {
      this.#states.set(wish.name, { health: 'connecting', reason: null });
      const onState = (health: ConnectionHealth, reason: string | null) => this.#told(wish.name, health, reason);
      return new FolderWatch({ config, context, wish, credentials, onState });
    });
  }

  async start(): Promise<void> {
    for (const watch of this.#watches) watch.start();
  }

  async stop(): Promise<void> {
    await Promise.all(this.#watches.map((watch) => watch.stop()));
  }

  /** The mailbox fares as the worst of its folders does. */
  #told(folder: string, health: ConnectionHealth, reason: string | null): void {
    this.#states.set(folder, { health, reason });
    const all = [...this.#states];
    const state = worst.find((one) => all.some(([, told]) => told.health === one)) ?? 'ready';
    const reasons = all.flatMap(([name, told]) => (told.reason === null ? [] : [`${name}: ${told.reason}`]));
    this.#context.reportState(state, reasons.length === 0 ? null : reasons.join('; '));
  }
}
