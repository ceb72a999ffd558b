import type { Reason } from '../../domain/base/reason.ts';
import type { ConnectionHealth } from '../../domain/ports/connection-state.ts';
import { reason, together } from '../../domain/reasons/reasons.ts';
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
  /** What a folder is called in a state: by what it is for, else by its path. */
  readonly #labels = new Map<string, string>();
  readonly #states = new Map<string, { readonly health: ConnectionHealth; readonly reason: Reason | null }>();

  constructor(config: MailConfig, context: ConnectorContext, credentials = new MailCredentials(config)) {
    this.#context = context;
    this.#watches = folderWishes(config).map((wish) => {
      this.#states.set(wish.name, { health: 'connecting', reason: null });
      if (config.folders.includes(wish.path ?? '')) this.#labels.set(wish.name, wish.path ?? '');
      const onState = (health: ConnectionHealth, trouble: Reason | null) => this.#setState(wish.name, health, trouble);
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
  #setState(name: string, health: ConnectionHealth, trouble: Reason | null): void {
    this.#states.set(name, { health, reason: trouble });
    const all = [...this.#states];
    const state = severity.find((one) => all.some(([, own]) => own.health === one)) ?? 'ready';
    const reasons = all.flatMap(([folder, own]) =>
      own.reason === null
        ? []
        : [reason('inFolder', { folder: this.#labels.get(folder) ?? folder, reason: own.reason })],
    );
    this.#context.reportState(state, together(reasons));
  }
}
