import type { Reason } from '../../domain/base/reason.ts';
import type { RawSource } from '../../domain/interaction/quarantine.ts';
import type { Outbound, SendOutcome } from '../../domain/outbound/outbound.ts';
import type { ConnectionHealth } from '../../domain/ports/connection-state.ts';
import { together } from '../../domain/reasons/reasons.ts';
import type { Connector, ConnectorContext, ConnectorDefinition, Replayer, Sender } from '../contract.ts';
import { eventsOf, type FolderRole } from './contact.ts';
import { MailCredentials } from './imap/credentials.ts';
import { readWhole } from './imap/read-letter.ts';
import { Mailbox } from './mailbox.ts';
import { type MailConfig, MailSchema } from './schema.ts';
import { MailSender } from './smtp/sender.ts';

/** Connector for mailboxes. It reads received and sent letters over IMAP, and sends letters over SMTP. */
export const mail: ConnectorDefinition<MailConfig> = {
  kind: 'mail',
  schema: MailSchema,
  sends: ({ smtp, address }) => (smtp === false ? null : { channel: 'email', to: 'email', address }),
  create: (config, context) => new MailConnection(config, context),
};

const roles: readonly FolderRole[] = ['inbox', 'sent', 'spam'];

class MailConnection implements Connector, Sender, Replayer {
  readonly #config: MailConfig;
  readonly #context: ConnectorContext;
  readonly #mailbox: Mailbox;
  readonly #sender: MailSender;
  #reading: { readonly health: ConnectionHealth; readonly reason: Reason | null } | null = null;
  #sending: Reason | null = null;

  constructor(config: MailConfig, context: ConnectorContext) {
    this.#config = config;
    this.#context = context;
    // Reading and sending share one token.
    const credentials = new MailCredentials(config);
    const reportState: ConnectorContext['reportState'] = (health, reason) => {
      this.#reading = { health, reason };
      this.#report();
    };
    this.#mailbox = new Mailbox(config, { ...context, reportState }, credentials);
    const onTrouble = (reason: Reason | null) => {
      this.#sending = reason;
      this.#report();
    };
    this.#sender = new MailSender(config, context, { reading: credentials, onTrouble });
  }

  async start(): Promise<void> {
    await this.#mailbox.start();
    this.#sender.start();
  }

  async stop(): Promise<void> {
    await Promise.all([this.#mailbox.stop(), this.#sender.stop()]);
  }

  send(outbound: Outbound, signal: AbortSignal): Promise<SendOutcome> {
    return this.#sender.send(outbound, signal);
  }

  confirm(outbound: Outbound, signal: AbortSignal): Promise<SendOutcome> {
    return this.#sender.confirm(outbound, signal);
  }

  async replay({ facts, bytes }: RawSource): Promise<void> {
    const { connection, blobs, jobs, log, staff, emit } = this.#context;
    const role = roles.find((one) => one === facts.role) ?? 'inbox';
    const parts = { blobs, jobs, log, maxFileBytes: this.#config.largestFile * 1024 * 1024 };
    const read = await readWhole(bytes, Number(facts.arrivedAt), parts);
    const where = { connection, role, config: this.#config, staff: staff() };
    await Promise.all(eventsOf(read, where).map((event) => emit(event, { facts, bytes })));
  }

  /** Combines the states of reading and sending: a mailbox that can be read but can't send is degraded. */
  #report(): void {
    if (this.#reading === null) return;
    const { health, reason } = this.#reading;
    const reasons = [reason, this.#sending].filter((one) => one !== null);
    const worse = this.#sending !== null && (health === 'ready' || health === 'connecting') ? 'degraded' : health;
    this.#context.reportState(worse, together(reasons));
  }
}
