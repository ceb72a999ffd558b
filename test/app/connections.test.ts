import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Connections } from '../../src/app/connections.ts';
import { QueueBoard } from '../../src/app/queue-board.ts';
import { UnreadMessages } from '../../src/app/unread-messages.ts';
import { type ModuleSettings, toConfig } from '../../src/config/config.ts';
import type { Leases, Store } from '../../src/domain/ports/store.ts';
import type { WriteResult } from '../../src/domain/ports/writes.ts';
import { Intake } from '../../src/intake/intake.ts';
import { Quarantine } from '../../src/intake/quarantine.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { Signature } from '../../src/runtime/http/standard-webhooks.ts';
import { silentLogger } from '../../src/runtime/log.ts';
import { Loops } from '../../src/runtime/loop.ts';
import { ReleaseStack } from '../../src/runtime/release-stack.ts';
import { MessengerStore } from '../support/messenger-store.ts';

const secret = 'a secret of thirty-two characters';
const chat: ModuleSettings = { kind: 'webhook', account: 'chat', secret };

/** A store whose leases another instance can take without the holder noticing, as after a network failure. */
class ContestedStore {
  #epoch = 1;

  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Another instance takes every lease. */
  takeOver(): void {
    this.#epoch += 1;
  }

  get store(): Store {
    const leases: Leases = {
      take: async () => (this.#epoch === 1 ? 1 : null),
      release: async () => undefined,
    };
    const apply: Store['apply'] = async (writes) => {
      const results: WriteResult[] = [];
      for (const write of writes) {
        if (write.fence !== undefined && write.fence.epoch !== this.#epoch)
          results.push({ ok: false, code: 'fenced', message: `another instance holds ${write.fence.lease} now` });
        else results.push(...(await this.#store.apply([write])));
      }
      return results;
    };
    return { ...this.#store, read: this.#store.read, onNews: () => undefined, leases, apply };
  }
}

describe('connections of several instances', () => {
  let kept: MessengerStore;
  let contested: ContestedStore;
  let connections: Connections;
  const releases = new ReleaseStack(silentLogger);

  beforeEach(async () => {
    kept = await MessengerStore.open('chat');
    contested = new ContestedStore(kept.store);
    const { store } = contested;
    const intake = new Intake(store, silentLogger);
    connections = new Connections({
      config: toConfig({ connectors: { chat } }).config,
      store,
      intake,
      blobs: kept.context.blobs,
      jobs: kept.context.jobs,
      quarantine: new Quarantine({
        apply: (writes) => intake.apply(writes),
        blobs: kept.context.blobs,
        clock: systemClock,
        log: silentLogger,
        version: '1',
      }),
      clock: systemClock,
      log: silentLogger,
      loops: new Loops(),
      staff: () => ({ managers: [], lines: [] }),
      onDevices: () => undefined,
      decide: () => {
        throw new Error('this kind asks nothing');
      },
      queues: new QueueBoard(),
      unread: new UnreadMessages(),
      marks: { answered: () => undefined },
      onTyping: () => undefined,
    });
    connections.start(releases);
    await vi.waitFor(() => expect(connections.states[0]?.health).toBe('ready'), 20_000);
  });

  afterEach(async () => {
    await releases.releaseAll();
    await kept.close();
  });

  function sendMessage(): Promise<number | undefined> {
    const text = JSON.stringify({ type: 'message', id: 'm-1', from: { id: '1' }, text: 'hello' });
    const headers = new Signature(secret).sign('m-1', Date.now(), text);
    const request = { method: 'POST', query: {}, headers, body: Buffer.from(text) };
    return Promise.resolve(connections.hookReceiver('chat')?.receive(request)).then((answer) => answer?.status);
  }

  it('rejects a message while another instance has taken over the connection unnoticed', async () => {
    contested.takeOver();
    expect(await sendMessage()).toBe(503);
    expect(await kept.interactions()).toEqual([]);
    // The rejection makes it check who holds the lease; webhooks are accepted by every instance.
    await vi.waitFor(async () => expect(await sendMessage()).toBe(200), { timeout: 20_000, interval: 20 });
    expect((await kept.interactions()).map(({ text }) => text)).toEqual(['hello']);
  });
});
