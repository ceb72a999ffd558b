import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { stringify } from 'yaml';
import { seededRandom } from '../support/random.ts';
import { queueUrl, storeUrl } from '../support/test-store.ts';
import { Gateway } from './crash/gateway.ts';
import { countInteractions, keptInteractions } from './crash/kept.ts';
import { Wire } from './instances/wire.ts';
import { freeTcpPort } from './lab/ports.ts';
import { corpus, markOf, type Placed } from './mail/corpus.ts';
import { Dovecot } from './mail/dovecot.ts';
import { reconcile } from './mail/reconcile.ts';
import { MailStorm } from './mail/storm.ts';

/** Number of letters, number of portions in which they are delivered during the storm, and the storm's seed. */
const count = Number(process.env.PATCHBAY_TEST_LETTERS ?? 1000);
const portions = Math.max(12, Math.ceil(count / 250));
const seed = Number(process.env.PATCHBAY_TEST_SEED ?? 7);
const users = ['sales', 'anna'] as const;

/** Two mailboxes on a real Dovecot with the built gateway, while random faults hit both. */
describe(`${count} nasty letters during random faults`, () => {
  const dovecot = new Dovecot();
  const directory = mkdtempSync(join(tmpdir(), 'patchbay-corpus-'));
  const config = join(directory, 'patchbay.yaml');
  const database = storeUrl(join(directory, 'corpus.db'));
  let wire: Wire;
  let gateway: Gateway;

  beforeAll(async () => {
    await dovecot.start();
    wire = new Wire(dovecot.port);
    const httpPort = await freeTcpPort();
    writeFileSync(config, configuration(await wire.listen(), httpPort));
    gateway = new Gateway({ config, url: `http://127.0.0.1:${httpPort}`, log: join(directory, 'gateway.log') });
  });

  afterAll(async () => {
    await gateway?.stop();
    wire?.close();
    await dovecot.close();
    rmSync(directory, { recursive: true, force: true });
  });

  function configuration(port: number, httpPort: number): string {
    const mailbox = (user: string) => ({
      kind: 'mail',
      address: `${user}@our.example`,
      user,
      password: 'secret',
      since: '2020-01-01',
      folders: ['Archive'],
      imap: { host: '127.0.0.1', port, tls: false, poll: 5 },
    });
    return stringify({
      http: { port: httpPort },
      store: { url: database },
      queue: { url: queueUrl() },
      blobs: { url: `file:${join(directory, 'blobs')}` },
      connectors: Object.fromEntries(users.map((user) => [user, mailbox(user)])),
    });
  }

  const put = (letters: readonly Placed[]) => {
    for (const { raw, places } of letters) for (const { user, folder } of places) dovecot.deliver(user, [raw], folder);
  };

  it('loses none, duplicates none, and accounts for each one', async () => {
    const letters = [...corpus(count)];
    const size = Math.ceil(count / portions);
    const storm = new MailStorm({ dovecot, gateway, wire, database, users, random: seededRandom(seed) });
    const begun = performance.now();
    put(letters.slice(0, size));
    gateway.start();
    await gateway.ready();
    for (let portion = 1; portion < portions; portion++) {
      put(letters.slice(portion * size, (portion + 1) * size));
      await storm.injectFault();
    }
    const calm = performance.now();
    await vi.waitFor(async () => expect(await countInteractions(database)).toBeGreaterThanOrEqual(count), {
      timeout: 120_000 + count * 20,
      interval: 250,
    });

    const held = performance.now();

    // Runs next to the gateway, which has stored all letters by now.
    const { code, folders } = await reconcile(config);
    expect(folders.filter(({ missing, ahead, refused }) => missing.length > 0 || ahead + refused > 0)).toEqual([]);
    expect(code).toBe(0);
    const delivered = letters.reduce((sum, { places }) => sum + places.length, 0);
    expect(folders.reduce((sum, { onServer }) => sum + onServer, 0)).toBe(delivered + storm.copied - storm.deleted);
    for (const done of [storm.moved, storm.copied, storm.deleted]) expect(done).toBeGreaterThan(0);

    const found = (await keptInteractions(database)).map(markOf).sort();
    expect(found.filter((mark, i) => mark === found[i - 1])).toEqual([]);
    expect(new Set(found)).toEqual(new Set(letters.map(({ mark }) => mark)));
    const seconds = (from: number, to: number) => Math.round((to - from) / 1000);
    process.stdout.write(
      `${count} letters under ${storm.faults} faults (${storm.moved} moved, ${storm.copied} copied, ${storm.deleted} deleted): ` +
        `${seconds(begun, calm)} s of storm, all held ${seconds(calm, held)} s later, compared in ${seconds(held, performance.now())} s\n`,
    );
  }, 900_000);
});
