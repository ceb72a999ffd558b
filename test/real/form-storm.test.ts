import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { FormSender, visitorsForm } from '../support/form-sender.ts';
import { onPostgres, queueUrl, storeUrl } from '../support/test-store.ts';
import { Gateway } from './crash/gateway.ts';
import { keptRows } from './crash/kept.ts';
import { freeTcpPort } from './lab/ports.ts';

/** PostgreSQL is several times slower per row. */
const submissions = onPostgres ? 10_000 : 50_000;
const atOnce = 100;
/** The process is killed after that many answers. */
const killedAt = [0.2, 0.5, 0.8].map((part) => part * submissions);

/** Browsers that resend until they get an answer, like the widget, and a gateway that dies meanwhile. */
describe('many forms at once', () => {
  let directory: string;
  let database: string;
  let gateway: Gateway;
  let sender: FormSender;
  let url: string;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'patchbay-storm-'));
    const port = await freeTcpPort();
    url = `http://127.0.0.1:${port}`;
    const config = join(directory, 'patchbay.yaml');
    database = storeUrl(join(directory, 'storm.db'));
    writeFileSync(
      config,
      stringify({
        http: { port },
        log: { level: 'error' },
        store: { url: database },
        queue: { url: queueUrl() },
        blobs: { url: `file:${join(directory, 'blobs')}` },
        lines: [{ id: 'site', channel: 'form' }],
      }),
    );
    gateway = new Gateway({ config, url, log: join(directory, 'gateway.log') });
    sender = new FormSender(`${url}/api/v1/forms/site`, atOnce);
    gateway.start();
  });
  afterAll(async () => {
    sender?.close();
    await gateway?.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  it('stores each answered submission exactly once, though it is killed three times', {
    timeout: 400_000,
  }, async () => {
    const answered = new Set<number>();
    const kills = [...killedAt];
    let lost = 0;
    let next = 0;
    let dying: Promise<void> | null = null;
    const lane = async () => {
      while (next < submissions) {
        const n = next;
        next += 1;
        for (;;) {
          const status = await sender.send(visitorsForm(n), { 'idempotency-key': `storm-${n}` });
          if (status === 200) break;
          // Only the death of the process may make a submission fail.
          expect(status).toBeNull();
          lost += 1;
          await new Promise((resolve) => setTimeout(resolve, 200));
        }
        answered.add(n);
        const due = kills[0];
        if (due === undefined || answered.size < due || dying !== null) continue;
        kills.shift();
        dying = gateway.kill().then(() => {
          gateway.start();
          dying = null;
        });
      }
    };
    const since = Date.now();
    await Promise.all(Array.from({ length: atOnce }, lane));
    const took = (Date.now() - since) / 1000;
    expect(await gateway.stop()).toBe(0);

    const rows = await keptRows<{ readonly phone: string; readonly n: number }>(
      database,
      "SELECT phone, count(*) AS n FROM interactions WHERE channel = 'form' GROUP BY phone",
    );
    const kept = new Map(rows.map(({ phone, n }) => [phone, n]));
    const missing = [...answered].filter((n) => kept.get(`+7916${1_000_000 + n}`) !== 1);
    expect(missing).toEqual([]);
    expect(answered.size).toBe(submissions);
    expect(rows.filter(({ n }) => n !== 1)).toEqual([]);
    expect(rows.length).toBe(submissions);
    expect(kills).toEqual([]);
    console.log(`${submissions} forms in ${took.toFixed(1)} s, 3 kills, ${lost} sent again`);
  });
});
