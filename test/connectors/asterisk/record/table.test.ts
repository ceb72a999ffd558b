import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { countCalls } from '../../../../src/connectors/asterisk/record/count-calls.ts';
import { RecordUnreadable } from '../../../../src/connectors/asterisk/record/source.ts';
import { sqliteTable } from '../../../../src/connectors/asterisk/record/sqlite.ts';
import { missingColumns, TableSource } from '../../../../src/connectors/asterisk/record/table.ts';
import { recordZone } from '../../../../src/connectors/asterisk/record/zone.ts';
import { RecordRun, recordRules } from '../../../support/call-records.ts';

const zone = recordZone('Europe/Moscow');
const noon = Date.parse('2026-11-24T12:00:00+03:00');
const minute = 60_000;
const hour = 60 * minute;

/** A table as cdr_sqlite3_custom makes it, in Moscow time. */
describe('a call record in a table', () => {
  let directory: string;
  let path: string;
  let database: Database.Database;
  let now: number;
  let run: RecordRun;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'patchbay-table-'));
    path = join(directory, 'master.db');
    database = new Database(path);
    database.exec(
      'CREATE TABLE cdr (AcctId INTEGER PRIMARY KEY, calldate, clid, src, dst, channel, dstchannel, lastapp, lastdata, duration, billsec, disposition, uniqueid, linkedid, sequence)',
    );
    now = noon + hour;
    run = new RecordRun(() => new TableSource(sqliteTable({ path, table: 'cdr' }), zone, { now: () => now }));
  });

  afterEach(() => {
    database.close();
    rmSync(directory, { recursive: true, force: true });
  });

  /** Writes a row of an answered call from a client to 101. */
  function write(id: string, start: number, { seconds = 60, linkedid = id, sequence = 1, to = '101' } = {}): void {
    const calldate = zone.toText(start);
    database
      .prepare(
        `INSERT INTO cdr (calldate, clid, src, dst, channel, dstchannel, lastapp, lastdata, duration, billsec, disposition, uniqueid, linkedid, sequence)
         VALUES (?, '"Ivan" <79161234567>', '79161234567', '74951234567', ?, ?, 'Dial', '', ?, ?, 'ANSWERED', ?, ?, ?)`,
      )
      .run(
        calldate,
        'PJSIP/trunk-00000001',
        `PJSIP/${to}-0000000${sequence}`,
        seconds,
        seconds,
        id,
        linkedid,
        sequence,
      );
  }

  const keys = () => run.calls.map((call) => call.key);

  it('counts calls by the period in which they began, each once', async () => {
    const day = 24 * hour;
    write('0.0', noon - 1);
    write('1.0', noon, { seconds: 2 * 3600 });
    write('1.1', noon + minute, { linkedid: '1.0', sequence: 2 });
    write('2.0', noon + day - 1000, { seconds: 5 });
    write('3.0', noon + day);
    write('4.0', noon + 2 * day);
    now = noon + 3 * day;
    const table = new TableSource(sqliteTable({ path, table: 'cdr' }), zone, { now: () => now });
    const periods = [0, 1].map((n) => ({ from: noon + n * day, until: noon + (n + 1) * day }));
    expect(await countCalls(table, recordRules(), periods)).toEqual([2, 1]);
  });

  it('starts at the end of the table and then reads new rows once', async () => {
    write('1.0', noon);
    expect(await run.read()).toBe(0);
    expect(await run.read()).toBe(0);
    write('2.0', noon + 5 * minute);
    await run.read();
    await run.read();
    expect(keys()).toEqual(['pbx:2.0']);
    expect(run.calls[0]).toMatchObject({
      direction: 'inbound',
      state: 'answered',
      party: { raw: '79161234567', name: 'Ivan' },
      dialled: '74951234567',
      startedAt: noon + 5 * minute,
      endedAt: noon + 6 * minute,
    });
  });

  it('reads everything of a table that was empty at first', async () => {
    await run.read();
    write('1.0', noon);
    await run.read();
    expect(keys()).toEqual(['pbx:1.0']);
  });

  it('finds a long call whose row has an early start', async () => {
    write('1.0', noon);
    await run.read();
    write('2.0', noon - 3 * hour, { seconds: 4 * 3600 });
    await run.read();
    expect(keys()).toEqual(['pbx:2.0']);
  });

  it('finds rows that were committed late and out of order, also after a restart', async () => {
    write('1.0', noon);
    await run.read();
    write('3.0', noon + 40 * minute);
    await run.read();
    write('2.0', noon + 5 * minute);
    await run.read();
    expect(keys()).toEqual(['pbx:3.0', 'pbx:2.0']);
    run.restart();
    write('2.5', noon + 6 * minute);
    await run.read();
    expect(keys()).toContain('pbx:2.5');
    expect(keys()).not.toContain('pbx:1.0');
  });

  it('reads a call with all its rows when a further one is committed late', async () => {
    write('1.0', noon);
    await run.read();
    write('2.0', noon + minute, { seconds: 10, to: '102' });
    write('9.0', noon + 40 * minute);
    await run.read();
    write('2.1', noon + 2 * minute, { linkedid: '2.0', sequence: 2 });
    await run.read();
    expect(run.calls.at(-1)).toMatchObject({ key: 'pbx:2.0', legs: [{ extension: '102' }, { extension: '101' }] });
  });

  it('reads a long gap page by page', async () => {
    write('0.0', noon);
    await run.read();
    now = noon + 72 * hour;
    database.transaction(() => {
      for (let i = 1; i <= 4100; i += 1) write(`${i}.0`, noon + minute + Math.floor(i / 3) * minute);
    })();
    await run.read();
    expect(new Set(keys()).size).toBe(4100);
  });

  it('reads more rows of the same second than fit on a page', async () => {
    write('0.0', noon);
    await run.read();
    database.transaction(() => {
      for (let i = 1; i <= 4100; i += 1) write(`${i}.0`, noon + minute);
    })();
    await run.read();
    expect(new Set(keys()).size).toBe(4100);
  });

  it('does not pass over calls after a row from the future', async () => {
    write('1.0', noon);
    await run.read();
    write('2.0', noon + 1000 * hour);
    await run.read();
    run.restart();
    write('3.0', noon + 30 * minute);
    await run.read();
    expect(keys()).toContain('pbx:3.0');
  });

  it('goes on after a call that could not be stored', async () => {
    write('1.0', noon);
    await run.read();
    write('2.0', noon + minute);
    await expect(run.read(() => Promise.reject(new Error('disk full')))).rejects.toThrow('disk full');
    await run.read();
    expect(keys()).toEqual(['pbx:2.0']);
  });

  it('says that the database is not readable', async () => {
    await run.read();
    database.exec('ALTER TABLE cdr RENAME TO other');
    await expect(run.read()).rejects.toThrow(RecordUnreadable);
    await expect(run.read()).rejects.toThrow('no such table');
  });

  it('reads the recording from the column that is configured, which must exist', async () => {
    database.exec('ALTER TABLE cdr ADD COLUMN filename');
    const source = (column: string) =>
      new TableSource(sqliteTable({ path, table: 'cdr' }), zone, { now: () => now }, column);
    run = new RecordRun(() => source('filename'));
    await run.read();
    write('1.0', noon);
    database.exec("UPDATE cdr SET filename = '/monitor/a.wav'");
    await run.read();
    expect(run.calls[0]?.recordings).toMatchObject([{ file: '/monitor/a.wav', state: 'pending' }]);
    expect((await source('filename').inspect()).missing).toEqual([]);
    expect((await source('file_name').inspect()).missing).toEqual(['file_name']);
  });

  it('names the columns without which calls can not be told', () => {
    const columns = ['calldate', 'src', 'dst', 'channel', 'dstchannel', 'duration', 'disposition', 'uniqueid'];
    expect(missingColumns(columns)).toEqual(['linkedid']);
    expect(missingColumns([...columns.slice(1), 'linkedid'])).toEqual(['calldate']);
  });
});
