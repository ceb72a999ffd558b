import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClientId, EventKey, InteractionId } from '../../src/domain/base/ids.ts';
import type { View } from '../../src/domain/interaction/view.ts';
import type { InteractionQuery } from '../../src/domain/ports/queries.ts';
import { openForReading, openForWriting } from '../../src/store/sqlite/connect.ts';
import { SqliteFollowUpTable } from '../../src/store/sqlite/follow-ups.ts';
import { inlineListings } from '../../src/store/sqlite/listings.ts';
import { migrate } from '../../src/store/sqlite/migrate.ts';
import { SqliteOwedTable } from '../../src/store/sqlite/owed.ts';
import { SqliteReader } from '../../src/store/sqlite/reader.ts';

/** Tables that grow over the years; the others hold what is in progress or what an administrator entered. */
const growing =
  /^SCAN (interactions|i|j|m|v|history|clients|c|identifiers|owed|o|leads|tasks|desk_log|d|audit|attachments|letter_bodies|recordings|event_keys|interaction_\w+|number_holds|h)\b(?! USING (COVERING )?INDEX)/;
/** The same for queries whose filter selects few rows. Calls in progress are few. */
const anyScan =
  /^SCAN (interactions|i|j|m|v|clients|c|leads|tasks)\b(?! USING INDEX interactions_live)|^SCAN conv\b(?! USING INDEX conversations_)/;

const view: View = { managers: ['m1'], lines: ['main'], otherLines: [] };
const page = { limit: 50, cursor: null };
const later = Buffer.from(JSON.stringify(['2026-11-24T09:00:00.000Z', 'x'])).toString('base64url');

/** Every subset of the filters. */
function combinations<T extends object>(filters: T): readonly Partial<T>[] {
  const all: Partial<T>[] = [{}];
  for (const [key, value] of Object.entries(filters)) all.push(...all.map((one) => ({ ...one, [key]: value })));
  return all;
}

describe('no query scans a growing table', () => {
  const directory = mkdtempSync(join(tmpdir(), 'patchbay-questions-'));
  const path = join(directory, 'q.db');
  let db: Database;
  let reader: SqliteReader;
  /** The queries on the connection of the main thread and of the listings thread. */
  const asked = { here: new Set<string>(), listed: new Set<string>() };

  beforeAll(() => {
    const made = openForWriting(path);
    migrate(made);
    made.close();
    db = openForReading(path);
    const recording = new Proxy(db, {
      get(target, name) {
        if (name !== 'prepare') return Reflect.get(target, name);
        return (sql: string) => {
          asked.here.add(sql);
          return target.prepare(sql);
        };
      },
    });
    const listings = inlineListings(db);
    reader = new SqliteReader({
      db: recording,
      listings: {
        rows: (question) => {
          asked.listed.add(question.sql);
          return listings.rows(question);
        },
        clientsByWords: (words) => listings.clientsByWords(words),
      },
    });
  });
  afterAll(() => {
    db.close();
    rmSync(directory, { recursive: true, force: true });
  });

  /** The matching steps of SQLite's query plans, with their statements. */
  const steps = (statements: Iterable<string>, fault: RegExp) =>
    [...statements].flatMap((sql) => {
      const values = [...sql.matchAll(/\?/g)].map(() => null);
      const plan = db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values) as { detail: string }[];
      return plan.filter(({ detail }) => fault.test(detail)).map(({ detail }) => `${detail}: ${sql}`);
    });

  it('answers every query of the main thread from an index', async () => {
    const id = 'x' as InteractionId;
    for (const one of [reader, reader.under(view)]) {
      await one.interaction(id);
      await one.interactionHistory(id);
      await one.client('c' as ClientId);
      await one.interactions({ ...page, client: 'c' });
      await one.recording('r');
      await one.attachment('a');
      await one.letterBody(id);
      await one.lead('l');
      await one.task('t');
    }
    await reader.liveCalls('pbx');
    await reader.deskSeq('m1');
    await reader.deskCalls('m1');
    await reader.owedDue('crm', 1, 100);
    await reader.owedOne('crm', 1, '1');
    await reader.owedNext('crm');
    await reader.relinksPending();
    await reader.knownKeys(['pbx:1' as EventKey]);
    await reader.outboundDue('mail', 1, 10);
    await reader.outboundNext('mail');
    await reader.outboundBegun('mail');
    await reader.replyHandle(id);
    await reader.outbound(id);
    await reader.quarantined('q');
    await reader.cursor('mail', 'inbox');
    await reader.session('s');
    await reader.token('t');
    await reader.user('u');
    await reader.loginFailures(['k']);
    await reader.accessChanges(0);
    await reader.numberHolds(['1']);
    await reader.clientsOfDomain('works.example');
    await reader.lastTurns();
    expect(steps(asked.here, growing)).toEqual([]);
  });

  it('does not look through all open leads or tasks for a write', () => {
    const asked = new Set<string>();
    const writing = openForWriting(path);
    const recording = new Proxy(writing, {
      get(target, name) {
        const own = Reflect.get(target, name);
        if (name !== 'prepare') return typeof own === 'function' ? own.bind(target) : own;
        return (sql: string) => {
          asked.add(sql);
          return target.prepare(sql);
        };
      },
    });
    new SqliteFollowUpTable(recording, new SqliteOwedTable(writing));
    writing.close();
    expect(asked.size).toBeGreaterThan(3);
    expect(steps(asked, /USING INDEX \w+_state \(state=\?\)/)).toEqual([]);
  });

  const narrow: readonly Partial<InteractionQuery>[] = [
    {},
    { client: 'c' },
    { phone: '+79161234567' },
    { thread: 't' },
    { manager: 'm1' },
    { deal: 'd' },
  ];

  it('answers every combination of filters of each listing from an index', async () => {
    asked.listed.clear();
    const some = { channel: 'call', direction: 'inbound', state: 'failed', since: '2026-11-24T09:00:00.000Z' } as const;
    for (const filters of combinations({ ...some, cursor: later }))
      for (const one of narrow)
        if (Object.keys({ ...filters, ...one }).length > 0) await reader.interactions({ ...page, ...filters, ...one });
    for (const state of ['open', 'taken', 'qualified', 'rejected', undefined] as const)
      for (const cursor of [null, later]) await reader.leads({ limit: 50, cursor, ...(state && { state }) });
    for (const filters of combinations({ state: 'open', manager: 'm1', cursor: later } as const))
      await reader.tasks({ ...page, ...filters });
    await reader.deskSince('m1', 0);
    await reader.hourCounts(0);
    await reader.clients({ ...page, phone: '+79161234567' });
    await reader.clients({ ...page, email: 'a@b.example' });
    await reader.clients({ ...page, q: 'romashka' });
    for (const one of [reader, reader.under(view)])
      for (const unanswered of [true, false])
        for (const filters of combinations({
          owners: ['m1', 'm2'],
          channel: 'email',
          line: 'x',
          until: 'y',
        } as const)) {
          for (const cursor of [null, later]) await one.conversations({ ...page, cursor, unanswered, ...filters });
          if (unanswered) await one.unansweredCount(filters);
        }
    expect(asked.listed.size).toBeGreaterThan(100);
    expect(steps(asked.listed, anyScan)).toEqual([]);
  });
});
