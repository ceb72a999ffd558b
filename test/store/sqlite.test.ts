import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { openStore } from '../../src/intake/open-store.ts';
import { silentLogger } from '../../src/runtime/log.ts';
import { openForWriting } from '../../src/store/sqlite/connect.ts';
import { migrate } from '../../src/store/sqlite/migrate.ts';
import { call, endedCall } from '../support/calls.ts';
import { describeAccountLinks } from './account-links-conformance.ts';
import { describeAnswerTimes } from './answer-times-conformance.ts';
import { describeAskedLines } from './asked-line-conformance.ts';
import { describeAutomaticCap } from './automatic-cap-conformance.ts';
import { describeStore } from './conformance.ts';
import { describeConversations } from './conversations-conformance.ts';
import { describeDirectory } from './directory-conformance.ts';
import { describeDomains } from './domains-conformance.ts';
import { describeEarlyAnswers } from './early-answers-conformance.ts';
import { describeFollowUps } from './follow-ups-conformance.ts';
import { describeLastTalks } from './last-talks-conformance.ts';
import { describeMessageHistory } from './message-history-conformance.ts';
import { describeNumberHolds } from './number-holds-conformance.ts';
import { expectOlderRows, expectRowsWithoutCodes, olderRows, rowsWithoutCodes } from './older-rows.ts';
import { describeParticipants } from './participants-conformance.ts';
import { describePostponed } from './postponed-conformance.ts';
import { describeRetention } from './retention-conformance.ts';
import { describeSearch } from './search-conformance.ts';
import { describeSubjectThreads } from './subject-threads-conformance.ts';
import { describeSuggestions } from './suggestions-conformance.ts';
import { describeUnanswered } from './unanswered-conformance.ts';
import { describeUndeliverable } from './undeliverable-conformance.ts';
import { describeViews } from './views-conformance.ts';
import { describeWritten } from './written-conformance.ts';

const directory = mkdtempSync(join(tmpdir(), 'patchbay-store-'));
let serial = 0;

function fresh(): string {
  serial += 1;
  return join(directory, `${serial}.db`);
}

function open(path: string) {
  return openStore({ url: `sqlite:${path}`, country: 'RU', publicUrl: 'http://pb' });
}

afterAll(() => rmSync(directory, { recursive: true, force: true }));

describeStore('sqlite', () => open(fresh()));
describeFollowUps('sqlite', () => open(fresh()));
describeSearch('sqlite', () => open(fresh()));
describeConversations('sqlite', () => open(fresh()));
describeMessageHistory('sqlite', () => open(fresh()));
describeUnanswered('sqlite', () => open(fresh()));
describeViews('sqlite', () => open(fresh()));
describeDirectory('sqlite', () => open(fresh()));
describeAskedLines('sqlite', () => open(fresh()));
describeNumberHolds('sqlite', () => open(fresh()));
describeLastTalks('sqlite', () => open(fresh()));
describeWritten('sqlite', () => open(fresh()));
describeAnswerTimes('sqlite', () => open(fresh()));
describeAutomaticCap('sqlite', () => open(fresh()));
describePostponed('sqlite', () => open(fresh()));
describeEarlyAnswers('sqlite', () => open(fresh()));
describeAccountLinks('sqlite', () => open(fresh()));
describeDomains('sqlite', (more) =>
  openStore({ url: `sqlite:${fresh()}`, country: 'RU', publicUrl: 'http://pb', ...more }),
);
describeSubjectThreads('sqlite', () => open(fresh()));
describeParticipants('sqlite', () => open(fresh()));
describeUndeliverable('sqlite', () => open(fresh()));
describeRetention('sqlite', () => open(fresh()));
describeSuggestions('sqlite', () => open(fresh()));

describe('SQLite in unusual situations', () => {
  it('upgrades a database of an older program with all its data', async () => {
    const path = fresh();
    const db = openForWriting(path);
    migrate(db, { upTo: 2 });
    for (const { sql, values } of olderRows) db.prepare(sql.replaceAll(/\$\d+/g, '?')).run(...values);
    db.close();
    const info = vi.spyOn(silentLogger, 'info');
    const store = await openStore({ url: `sqlite:${path}`, country: 'RU', publicUrl: 'http://pb', log: silentLogger });
    await expectOlderRows(store);
    await store.close();
    expect(info).toHaveBeenCalledExactlyOnceWith(
      { steps: expect.arrayContaining(['leads and tasks']) },
      expect.stringMatching(/migrating the store/),
    );
    info.mockRestore();
  });

  it('still reads rows written before reasons had codes', async () => {
    const path = fresh();
    const db = openForWriting(path);
    migrate(db, { upTo: 18 });
    for (const { sql, values } of rowsWithoutCodes) db.prepare(sql.replaceAll(/\$\d+/g, '?')).run(...values);
    db.close();
    const store = await open(path);
    await expectRowsWithoutCodes(store);
    await store.close();
  });

  it('needs no overflow page for ordinary interactions, also for those of an older program', async () => {
    const path = fresh();
    const db = openForWriting(path);
    migrate(db, { upTo: 12 });
    const insert = db.prepare(
      `INSERT INTO interactions (id, revision, channel, direction, state, started_at, live, auto, body, thread, account)
       VALUES (?, 1, 'call', 'inbound', 'missed', '2026-01-12T09:00:00.000Z', 0, 1, ?, 't', 'a')`,
    );
    const body = JSON.stringify({ text: 'x'.repeat(1200) });
    for (let i = 0; i < 800; i += 1) insert.run(`id ${String(i).padStart(3, '0')}`, body);
    const rows = () => db.prepare('SELECT * FROM interactions ORDER BY id').all();
    const before = rows();
    const pages = () => db.pragma('page_count', { simple: true }) as number;
    const taken = pages();
    migrate(db);
    expect(rows()).toEqual(before);
    db.exec('VACUUM');
    expect(pages()).toBeLessThan(taken / 2);
    db.close();
  });

  it('rejects a database written by a newer program', async () => {
    const path = fresh();
    const db = new Sqlite(path);
    db.pragma('user_version = 9999');
    db.close();
    await expect(open(path)).rejects.toThrow(/written by a newer Patchbay/);
  });

  it('reports at once which directory cannot be created', async () => {
    await expect(open('/proc/no-such/patchbay.db')).rejects.toThrow(
      /the database \/proc\/no-such\/patchbay.db can't be opened: expected a directory \/proc\/no-such .* ENOENT/,
    );
  });

  it('reports which file is not a database', async () => {
    const path = fresh();
    writeFileSync(
      path,
      'a letter to the tax office, not a database, and longer than an empty database file'.repeat(20),
    );
    await expect(open(path)).rejects.toThrow(`the database ${path} can't be opened: the file is not a database`);
  });

  it('rejects an unsupported database', async () => {
    await expect(openStore({ url: 'mysql://x', country: 'RU', publicUrl: '' })).rejects.toThrow(/not supported/);
  });

  it('rejects writes after it was closed, and loses no earlier one', async () => {
    const path = fresh();
    const store = await open(path);
    const pending = store.apply([{ op: 'contact', event: call('1') }]);
    await store.close();
    expect((await pending)[0]?.ok).toBe(true);
    await expect(store.apply([{ op: 'contact', event: call('2') }])).rejects.toThrow(/closed/);
  });

  it('has everything it acknowledged, without duplicates, after kill -9', async () => {
    const path = fresh();
    const child = fork(new URL('../support/store-writer.ts', import.meta.url), [path], {
      execArgv: ['--import', 'tsx'],
    });
    const acknowledged = await killAfter(child, 300);
    const store = await open(path);
    const results = await store.apply(acknowledged.map((id) => ({ op: 'contact', event: endedCall(id) })));
    expect(acknowledged.length).toBeGreaterThanOrEqual(300);
    expect(results.every((result) => result.ok && result.changes.length === 0)).toBe(true);
    await store.close();
  });
});

/** Collects what the child process acknowledges, and kills it without warning once there is enough. */
async function killAfter(child: ChildProcess, count: number): Promise<readonly string[]> {
  const acknowledged: string[] = [];
  child.on('message', (id) => {
    acknowledged.push(String(id));
    if (acknowledged.length === count) child.kill('SIGKILL');
  });
  await once(child, 'exit');
  return acknowledged;
}
