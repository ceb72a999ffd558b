import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Connector, type ConnectorContext, isSender } from '../../src/connectors/contract.ts';
import { eventKey, type InteractionId } from '../../src/domain/base/ids.ts';
import type { Interaction } from '../../src/domain/interaction/interaction.ts';
import type { OutboundContent } from '../../src/domain/outbound/outbound.ts';
import { isHookReceiver } from '../../src/domain/ports/hooks.ts';
import type { Store } from '../../src/domain/ports/store.ts';
import { Intake } from '../../src/intake/intake.ts';
import { openStore } from '../../src/intake/open-store.ts';
import { TextReader } from '../../src/intake/text-reader.ts';
import { OutboundLoop } from '../../src/outbound/outbound-loop.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { inProcessJobs } from '../../src/runtime/jobs/job.ts';
import { type Logger, silentLogger } from '../../src/runtime/log.ts';
import { connectorContext, type RecordingContext } from './connector-context.ts';
import { storeUrl } from './test-store.ts';

/** A connector's context on top of a real store, so that tests see what became of the emitted events. */
export class MessengerStore {
  readonly #directory: string;
  readonly #log: Logger;
  readonly store: Store;
  readonly intake: Intake;
  readonly context: RecordingContext;
  /** How many of the next events fail, as when the store is unavailable. */
  failing = 0;
  /** How far the clock of outgoing messages is ahead, in milliseconds, so that tests need not wait for retries. */
  ahead = 0;
  #loop: OutboundLoop | null = null;
  #serial = 0;

  private constructor(directory: string, store: Store, connection: string, change: Partial<ConnectorContext>) {
    this.#directory = directory;
    this.store = store;
    this.#log = change.log ?? silentLogger;
    this.intake = new Intake(store, this.#log, new TextReader(inProcessJobs, 'RU'));
    this.context = connectorContext(connection, {
      emit: async (event) => {
        if (this.failing > 0) {
          this.failing -= 1;
          throw new Error('the store is away');
        }
        this.context.events.push(event);
        await this.intake.emit(event);
      },
      ...change,
    });
  }

  static async open(connection: string, change: Partial<ConnectorContext> = {}): Promise<MessengerStore> {
    const directory = mkdtempSync(join(tmpdir(), 'patchbay-messenger-'));
    const store = await openStore({ url: storeUrl(join(directory, 'a.db')), country: 'RU', publicUrl: 'http://pb' });
    return new MessengerStore(directory, store, connection, change);
  }

  /** Every interaction, oldest first. */
  async interactions(): Promise<readonly Interaction[]> {
    const { items } = await this.store.read.interactions({ limit: 500, cursor: null });
    return items.toReversed();
  }

  /** Stores an outgoing message: an answer to an interaction, or a message to a new recipient. */
  async write(text: string, more: Partial<OutboundContent> & { answers?: InteractionId } = {}): Promise<InteractionId> {
    const { answers = null, ...content } = more;
    const at = Date.now();
    this.#serial += 1;
    const [result] = await this.intake.apply([
      {
        op: 'send',
        key: eventKey('test', String(this.#serial)),
        channel: 'message',
        answers,
        connection: this.context.connection,
        content: {
          manager: 'a',
          to: { email: null, phone: null, account: null, name: null },
          subject: null,
          text,
          attachments: [],
          line: null,
          ...content,
        },
        by: { id: 'a', name: 'A' },
        expiresAt: at + 3_600_000,
        at,
      },
    ]);
    if (!result?.ok) throw new Error(result?.message ?? 'not written');
    return result.changes[0]?.interaction.id as InteractionId;
  }

  /** Sends what is due until `id` has an outcome; returns its interaction. */
  async send(connector: Connector, id: InteractionId): Promise<Interaction> {
    if (!isSender(connector)) throw new Error('expected a sender');
    await new Promise<void>((resolve) => {
      this.#loop = new OutboundLoop({
        connection: this.context.connection,
        sender: connector,
        read: this.store.read,
        apply: async (writes) => {
          const results = await this.intake.apply(writes);
          if (writes.some((write) => write.op === 'end-sending' && write.id === id)) resolve();
          return results;
        },
        clock: { now: () => systemClock.now() + this.ahead },
        log: this.#log,
      });
      this.#loop.start();
    });
    await this.#loop?.stop();
    return (await this.store.read.interaction(id)) as Interaction;
  }

  async close(): Promise<void> {
    await this.#loop?.stop();
    await this.store.close();
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

/** A connector as a webhook receiver. */
export function receiverOf(connector: Connector) {
  if (!isHookReceiver(connector)) throw new Error('expected a receiver of webhooks');
  return connector;
}
