import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Cores } from '../src/crm/cores.ts';
import { webhookId } from '../src/crm/webhook/message-id.ts';
import { DeliveryScheduler } from '../src/delivery/scheduler.ts';
import type { Interaction } from '../src/domain/interaction/interaction.ts';
import type { Store } from '../src/domain/ports/store.ts';
import { openStore } from '../src/intake/open-store.ts';
import { systemClock } from '../src/runtime/clock.ts';
import { Signature } from '../src/runtime/http/standard-webhooks.ts';
import { silentLogger } from '../src/runtime/log.ts';
import { FileBlobs } from '../src/store/blobs/file-blobs.ts';
import { endedCall } from '../test/support/calls.ts';
import { type BenchResult, result } from './result.ts';
import { until } from './waiting.ts';

const concurrencies = [4, 8, 16, 32];
/** Response time of the receiver in milliseconds, and the size of the backlog. */
const receivers = [
  { delay: 0, backlog: () => 4000, words: 'at once' },
  { delay: 100, backlog: (concurrency: number) => 20 * concurrency, words: 'after 100 ms' },
];
const secret = `whsec_${Buffer.from('a secret of the bench').toString('base64')}`;

/** Deliveries of a backlog per second, compared with a loop that POSTs the same signed bodies with the same concurrency and stores nothing. */
export async function benchDeliveries(): Promise<readonly BenchResult[]> {
  const receiver = fork(fileURLToPath(new URL('./delivery-receiver.ts', import.meta.url)));
  try {
    const [port] = (await once(receiver, 'message')) as [number];
    const results: BenchResult[] = [];
    for (const { delay, backlog, words } of receivers) {
      const url = `http://127.0.0.1:${port}/?delay=${delay}`;
      for (const concurrency of concurrencies) {
        const count = backlog(concurrency);
        const bare = count / (await post(url, count, concurrency));
        const ours = count / (await drain(url, count, concurrency));
        const name = `deliveries, ${concurrency} at once, answered ${words}`;
        results.push(result(name, ours * 1000, '1/s', 'signed POSTs in a loop, nothing kept', bare * 1000, '>= 0.7'));
      }
    }
    return results;
  } finally {
    end(receiver);
  }
}

function end(process: ChildProcess): void {
  process.kill('SIGKILL');
}

/** Milliseconds in which a backlog is delivered and all outcomes are stored. */
async function drain(url: string, count: number, concurrency: number): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), 'patchbay-deliveries-'));
  const store = await openStore({ url: `sqlite:${join(directory, 'd.db')}`, country: 'RU', publicUrl: 'http://pb' });
  try {
    await fill(store, count);
    const settings: { readonly kind: string } & Record<string, unknown> = { kind: 'webhook', url, secret };
    const cores = new Cores({
      settings: { crm: settings },
      read: store.read,
      leases: store.leases,
      apply: (writes) => store.apply(writes),
      blobs: new FileBlobs(directory),
      vaultKey: () => Buffer.alloc(32),
      clock: systemClock,
      log: silentLogger,
      signal: new AbortController().signal,
    });
    const scheduler = new DeliveryScheduler({
      read: store.read,
      claim: (claim) => store.claimOwed(claim),
      release: (ids) => store.releaseOwed(ids),
      apply: (writes) => store.apply(writes),
      clock: systemClock,
      log: silentLogger,
      destinations: cores.destinations.map((destination) => ({ ...destination, concurrency })),
    });
    const began = performance.now();
    scheduler.start();
    await until(`the last of ${count} deliveries`, () => (scheduler.counts()[0]?.counts.done ?? 0) >= count);
    const took = performance.now() - began;
    await scheduler.stop();
    return took;
  } finally {
    await store.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function fill(store: Store, count: number): Promise<void> {
  await store.apply([{ op: 'destinations', names: ['crm'], at: 0 }]);
  for (let at = 0; at < count; at += 500)
    await Promise.all(
      Array.from({ length: Math.min(500, count - at) }, (_, i) =>
        store.apply([
          {
            op: 'contact',
            event: endedCall(String(at + i), {
              party: { raw: `8916${1_000_000 + at + i}`, name: 'Ivan', withheld: false },
            }),
          },
        ]),
      ),
    );
}

/** Milliseconds of the bare loop, which posts the body of one stored call. */
async function post(url: string, count: number, concurrency: number): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), 'patchbay-deliveries-'));
  const store = await openStore({ url: `sqlite:${join(directory, 'd.db')}`, country: 'RU', publicUrl: 'http://pb' });
  await fill(store, 1);
  const [one] = (await store.read.interactions({ limit: 1, cursor: null })).items;
  await store.close();
  rmSync(directory, { recursive: true, force: true });
  const interaction = one as Interaction;
  const signature = new Signature(secret);
  let left = count;
  const lane = async () => {
    while (left > 0) {
      left -= 1;
      const now = Date.now();
      const body = JSON.stringify({
        type: 'interaction.updated',
        timestamp: new Date(now).toISOString(),
        data: interaction,
      });
      const headers = {
        'content-type': 'application/json',
        ...signature.sign(webhookId('crm', interaction.id, left), now, body),
      };
      await (await fetch(url, { method: 'POST', headers, body })).text();
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: concurrency }, lane));
  return performance.now() - began;
}
