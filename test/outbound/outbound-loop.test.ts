import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventKey, type InteractionId } from '../../src/domain/base/ids.ts';
import type { Outbound, SendOutcome } from '../../src/domain/outbound/outbound.ts';
import type { Store } from '../../src/domain/ports/store.ts';
import { openStore } from '../../src/intake/open-store.ts';
import { OutboundLoop, type OutboundSender } from '../../src/outbound/outbound-loop.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { silentLogger } from '../../src/runtime/log.ts';
import { storeUrl } from '../support/test-store.ts';
import { because } from '../support/written.ts';

const sent: SendOutcome = { kind: 'sent', keys: [], handle: null, state: 'sent' };

describe('the outbound loop', () => {
  let dir: string;
  let store: Store;
  let loop: OutboundLoop | null = null;

  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'patchbay-outbound-'));
    store = await openStore({ url: storeUrl(join(dir, 'a.db')), country: 'RU', publicUrl: 'http://pb' });
  });

  afterEach(async () => {
    await loop?.stop();
    await store.close();
    rmSync(dir, { recursive: true, force: true });
  });

  async function write(text: string, expiresIn = 60_000): Promise<InteractionId> {
    const at = Date.now();
    const to = { email: 'ivan@example.com', phone: null, account: null, name: null };
    const content = { manager: 'a', to, subject: null, text, attachments: [], line: null };
    const by = { id: 'a', name: 'A' };
    const [result] = await store.apply([
      {
        op: 'send',
        key: eventKey('api', text),
        channel: 'email',
        answers: null,
        connection: 'mail',
        content,
        by,
        expiresAt: at + expiresIn,
        at,
      },
    ]);
    if (!result?.ok) throw new Error('not written');
    return result.changes[0]?.interaction.id as InteractionId;
  }

  /** Starts a loop; resolves once `count` of its interactions have an outcome. */
  function run(sender: Partial<OutboundSender>, count: number): Promise<void> {
    return new Promise((resolve) => {
      let left = count;
      loop = new OutboundLoop({
        connection: 'mail',
        sender: { send: async () => sent, confirm: async () => sent, ...sender },
        read: store.read,
        apply: async (writes) => {
          const results = await store.apply(writes);
          if (writes[0]?.op === 'end-sending') left -= 1;
          if (left === 0) resolve();
          return results;
        },
        clock: systemClock,
        log: silentLogger,
      });
      loop.start();
    });
  }

  const stateOf = async (id: InteractionId) => (await store.read.interaction(id))?.state;

  it('sends each message once, in the order of writing, and records it before sending', async () => {
    const ids = [await write('one'), await write('two'), await write('three')];
    const seen: string[] = [];
    const send = async (outbound: Outbound) => {
      expect(await store.read.outboundBegun('mail')).toMatchObject([{ id: outbound.id }]);
      seen.push(outbound.content.text);
      return sent;
    };
    await run({ send }, 3);
    expect(seen).toEqual(['one', 'two', 'three']);
    expect(await Promise.all(ids.map(stateOf))).toEqual(['sent', 'sent', 'sent']);
  });

  it('checks what a crash interrupted instead of sending it again', async () => {
    const id = await write('one');
    await store.apply([{ op: 'begin-sending', id, at: Date.now() }]);
    let sends = 0;
    const send = async () => {
      sends += 1;
      return sent;
    };
    await run({ send, confirm: async () => ({ kind: 'uncertain', reason: because('nobody knows') }) }, 1);
    expect(sends).toBe(0);
    expect(await store.read.interaction(id)).toMatchObject({ state: 'queued', problem: 'nobody knows' });
    expect(await store.read.outbound(id)).toMatchObject({ state: 'uncertain' });
  });

  it('marks a message as uncertain when its sender throws', async () => {
    const id = await write('one');
    await run({ send: () => Promise.reject(new Error('socket closed')) }, 1);
    expect(await store.read.outbound(id)).toMatchObject({ state: 'uncertain' });
  });

  it('fails a message that would be retried only after its expiry, with a reason', async () => {
    const id = await write('one', 60_000);
    await run({ send: async () => ({ kind: 'retry', reason: because('busy'), after: 120_000 }) }, 1);
    expect(await store.read.interaction(id)).toMatchObject({ state: 'failed', problem: 'busy' });
  });
});
