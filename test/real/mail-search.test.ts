import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { stringify } from 'yaml';
import { hashToken } from '../../src/api/cookie.ts';
import type { Interaction } from '../../src/domain/interaction/interaction.ts';
import { openStore } from '../../src/intake/open-store.ts';
import { differ } from '../support/field-match.ts';
import { seededRandom } from '../support/random.ts';
import { queueUrl, storeUrl } from '../support/test-store.ts';
import { Gateway } from './crash/gateway.ts';
import { countInteractions, keptRows } from './crash/kept.ts';
import { freeTcpPort } from './lab/ports.ts';
import { Dovecot } from './mail/dovecot.ts';
import { ordinaryLetters } from './mail/ordinary-letters.ts';

/** Number of ordinary letters among which those of the field are found again. */
const count = Number(process.env.PATCHBAY_TEST_SEARCHED ?? 10_000);
const folder = new URL('../fixtures/field-cases/letters/', import.meta.url);
const { config: given, cases } = JSON.parse(readFileSync(new URL('expected.json', folder), 'utf8')) as {
  config: { connectors: { sales: object } };
  cases: Readonly<Record<string, { interactions: readonly { readonly automatic: unknown }[] }>>;
};
const token = 'token-of-a-program';
const limit = 200;

/** The letters of people, each with a time of its own by which its interaction is recognised. */
const field = Object.entries(cases)
  .filter(([, { interactions }]) => interactions.some(({ automatic }) => automatic === null))
  .map(([file, { interactions }], n) => {
    const date = new Date(Date.UTC(2026, 8, 1) + n * 50_000_000 + 1000);
    const dated = 'Date: Tue, 24 Nov 2026 10:00:00 +0300';
    const raw = readFileSync(new URL(file, folder), 'latin1').replace(dated, `Date: ${date.toUTCString()}`);
    return { file, interactions, raw: Buffer.from(raw, 'latin1'), startedAt: date.toISOString() };
  });

describe(`search among ${count} letters on a real Dovecot`, () => {
  const dovecot = new Dovecot();
  const directory = mkdtempSync(join(tmpdir(), 'patchbay-search-'));
  const config = join(directory, 'patchbay.yaml');
  const database = storeUrl(join(directory, 'search.db'));
  let url: string;
  let gateway: Gateway;

  beforeAll(async () => {
    await dovecot.start();
    url = `http://127.0.0.1:${await freeTcpPort()}`;
    const imap = { host: '127.0.0.1', port: dovecot.port, tls: false, poll: 5 };
    const sales = { ...given.connectors.sales, user: 'sales', password: 'secret', since: '2020-01-01', imap };
    writeFileSync(
      config,
      stringify({
        ...given,
        http: { port: Number(new URL(url).port) },
        store: { url: database },
        queue: { url: queueUrl() },
        blobs: { url: `file:${join(directory, 'blobs')}` },
        connectors: { sales },
      }),
    );
    const store = await openStore({ url: database, country: 'RU', publicUrl: url });
    const access = {
      name: 'the test',
      role: 'integration',
      tokenHash: hashToken(token),
      createdAt: Date.now(),
    } as const;
    await store.apply([{ op: 'put-token', token: access }]);
    await store.close();
    gateway = new Gateway({ config, url, log: join(directory, 'gateway.log') });
  });

  afterAll(async () => {
    await gateway?.stop();
    await dovecot.close();
    rmSync(directory, { recursive: true, force: true });
  });

  async function list(query: Readonly<Record<string, string>>) {
    const asked = new URLSearchParams({ limit: String(limit), ...query });
    const answer = await fetch(`${url}/api/v1/interactions?${asked}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(answer.status).toBe(200);
    return (await answer.json()) as { items: readonly Interaction[]; next: string | null };
  }

  /** The first page that a question finds, and whether there are more. */
  async function asks(q: string, startedAt: string) {
    const { items, next } = await list({ q });
    return { isFound: items.some((one) => one.startedAt === startedAt), isCommon: next !== null };
  }

  it('finds every word of what clients wrote', async () => {
    const begun = performance.now();
    const ordinary = [...ordinaryLetters(count, seededRandom(11))];
    const every = Math.max(1, Math.floor(count / field.length));
    const mixed = ordinary.flatMap((raw, n) => {
      const other = n % every === 0 ? field[n / every] : undefined;
      return other === undefined ? [raw] : [other.raw, raw];
    });
    dovecot.deliver('sales', mixed);
    const all = mixed.length;
    expect(all).toBe(count + field.length);
    gateway.start();
    await gateway.ready();
    const patience = { timeout: 60_000 + count * 60, interval: 500 };
    await vi.waitFor(async () => expect(await countInteractions(database)).toBeGreaterThanOrEqual(all), patience);
    const held = performance.now();
    const waiting = async () => (await keptRows(database, 'SELECT 1 FROM search_waiting LIMIT 1')).length;
    await vi.waitFor(async () => expect(await waiting()).toBe(0), patience);
    const indexed = performance.now();

    const letters = await everything();
    let words = 0;
    let common = 0;
    for (const { file, interactions, startedAt } of field) {
      const letter = letters.get(startedAt);
      if (letter === undefined) throw new Error(`${file} was not taken in`);
      expect(differ(interactions, [letter]), file).toBeNull();
      const own = [...new Set(`${letter.subject ?? ''} ${letter.text ?? ''}`.match(/[\p{L}\p{N}]+/gu))];
      for (const word of own) {
        words += 1;
        const alone = await asks(word, startedAt);
        if (alone.isFound) continue;
        if (!alone.isCommon) throw new Error(`${file} is not found by "${word}"`);
        common += 1;
        // Some write a single word; then their addresses tell them apart.
        const others = [...own.filter((other) => other !== word), letter.party.email ?? ''];
        let isFound = false;
        for (const other of others) {
          isFound = (await asks(`${other} ${word}`, startedAt)).isFound;
          if (isFound) break;
        }
        expect(isFound, `${file}: ${word} and another word`).toBe(true);
      }
    }
    expect(words).toBeGreaterThan(field.length);
    const seconds = (from: number, to: number) => Math.round((to - from) / 1000);
    process.stdout.write(
      `${all} letters: taken in after ${seconds(begun, held)} s, indexed ${seconds(held, indexed)} s later; ` +
        `${words} words (${common} only with another) found in ${seconds(indexed, performance.now())} s\n`,
    );
  }, 900_000);

  /** All interactions by the times when they began. */
  async function everything(): Promise<ReadonlyMap<string, Interaction>> {
    const found = new Map<string, Interaction>();
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page = await list(cursor === '' ? {} : { cursor });
      for (const one of page.items) found.set(one.startedAt, one);
      cursor = page.next;
    }
    return found;
  }
});
