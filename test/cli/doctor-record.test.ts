import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { examineBackends, examineRecord } from '../../src/cli/doctor/call-record.ts';
import type { PbxSession } from '../../src/cli/doctor/pbx-session.ts';
import type { AsteriskConfig } from '../../src/connectors/asterisk/schema.ts';
import { asteriskConfig } from '../support/asterisk-config.ts';

describe('the doctor on a call record', () => {
  let directory: string;
  let path: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'patchbay-doctor-'));
    path = join(directory, 'master.db');
  });

  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  async function finding(cdr: object, timezone = 'Europe/Moscow') {
    const settings = asteriskConfig({ cdr, timezone } as Partial<AsteriskConfig>);
    const [found, ...others] = await examineRecord('pbx', settings);
    expect(others).toEqual([]);
    return found;
  }

  function table(columns: string, rows: readonly (readonly (string | number)[])[] = []): void {
    const database = new Database(path);
    database.exec(`CREATE TABLE cdr (${columns})`);
    for (const row of rows) database.prepare(`INSERT INTO cdr VALUES (${row.map(() => '?')})`).run(...row);
    database.close();
  }

  const columns = 'calldate, src, dst, channel, dstchannel, duration, billsec, disposition, uniqueid, linkedid';
  const row = (calldate: string) => [calldate, '7916', '101', 'PJSIP/a-1', '', 5, 0, 'NO ANSWER', '1.0', '1.0'];

  it('says since when there are calls', async () => {
    table(columns, [row('2026-01-12 12:00:00')]);
    expect(await finding({ sqlite: { path } })).toEqual({
      what: 'pbx: call record',
      ok: true,
      detail: 'readable; the newest call ended at 2026-01-12T09:00:05.000Z',
    });
  });

  it('says which channel events are missing', async () => {
    table(columns);
    const database = new Database(path);
    const events = async () =>
      (await examineRecord('pbx', asteriskConfig({ cdr: { sqlite: { path, cel: 'cel' } } } as never)))[1];
    expect(await events()).toMatchObject({
      what: 'pbx: channel events',
      ok: false,
      detail: expect.stringContaining('no such table'),
    });
    database.exec(
      'CREATE TABLE cel (id INTEGER PRIMARY KEY, eventtype, eventtime, cid_num, cid_name, exten, channame, appname, appdata, uniqueid, linkedid)',
    );
    expect(await events()).toMatchObject({ ok: false, detail: expect.stringContaining('without the columns extra') });
    database.exec('ALTER TABLE cel ADD COLUMN extra');
    expect(await events()).toMatchObject({ ok: true, detail: 'readable; the cel table has no events yet' });
    const insert = database.prepare(
      "INSERT INTO cel (eventtype, eventtime, channame, uniqueid, linkedid) VALUES (?, '2026-01-12 12:00:00', 'PJSIP/a-1', '1.0', '1.0')",
    );
    const types = ['CHAN_START', 'CHAN_END', 'HANGUP', 'ANSWER', 'APP_START', 'LINKEDID_END'];
    for (let i = 0; i < 600; i += 1) insert.run(types[i % types.length]);
    expect(await events()).toMatchObject({
      ok: false,
      detail: expect.stringContaining('no BRIDGE_ENTER, BRIDGE_EXIT:'),
    });
    insert.run('BRIDGE_ENTER');
    insert.run('BRIDGE_EXIT');
    expect(await events()).toEqual({ what: 'pbx: channel events', ok: true, detail: 'readable' });
    database.close();
  });

  it('names missing columns', async () => {
    table(columns.replace(', linkedid', ''));
    expect(await finding({ sqlite: { path } })).toMatchObject({
      ok: false,
      detail: expect.stringContaining('without the columns linkedid'),
    });
  });

  it('notices a wrong time zone', async () => {
    const ahead = new Date(Date.now() + 3 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
    table(columns, [row(ahead)]);
    expect(await finding({ sqlite: { path } }, 'UTC')).toMatchObject({
      ok: false,
      detail: expect.stringContaining('check timezone and cdr.utc'),
    });
    expect(await finding({ sqlite: { path } })).toMatchObject({ ok: true });
  });

  it('says that a database or a file is not there', async () => {
    expect(await finding({ sqlite: { path } })).toMatchObject({ ok: false, detail: expect.stringContaining(path) });
    const csv = join(directory, 'Master.csv');
    expect(await finding({ csv })).toMatchObject({ ok: false, detail: expect.stringContaining('mount it') });
    const nobody = { port: 1, username: 'patchbay', password: 'secret' };
    for (const cdr of [{ mysql: nobody }, { postgres: nobody }]) {
      const { ok, detail } = (await finding(cdr)) ?? {};
      expect([ok, detail]).toEqual([false, expect.stringContaining('ECONNREFUSED')]);
      expect(detail).not.toContain('secret');
    }
  });

  it('notices a Master.csv without linkedid', async () => {
    const csv = join(directory, 'Master.csv');
    writeFileSync(
      csv,
      '"","7916","101","in","","PJSIP/a-1","","Dial","","2026-01-12 12:00:00","","2026-01-12 12:00:05",5,0,"NO ANSWER","DOCUMENTATION","1.0",""\n'.repeat(
        3,
      ),
    );
    expect(await finding({ csv })).toMatchObject({ ok: false, detail: expect.stringContaining('uniqueid, linkedid') });
  });

  /** An AMI session that answers `Command`, or refuses it. */
  function session(output: readonly string[] | null): PbxSession {
    const action = async () => {
      if (output === null) throw new Error('Permission denied');
      return { name: null, fields: { Output: output } };
    };
    return { client: { action }, events: null } as unknown as PbxSession;
  }

  it('says what the PBX writes if no record is configured', async () => {
    const modules = [
      'cdr_csv.so   Comma Separated Values CDR Backend  0  Running',
      'cdr_adaptive_odbc.so  Adaptive ODBC  0',
    ];
    const detailOf = async (output: readonly string[] | null, cdr?: object) =>
      (await examineBackends('pbx', asteriskConfig({ ...(cdr && { cdr }) } as never), session(output)))[0]?.detail;
    expect(await detailOf(modules)).toContain('cdr_csv (cdr.csv), cdr_adaptive_odbc (cdr.mysql or cdr.postgres)');
    expect(await detailOf(['0 modules loaded'])).toContain('MikoPBX has its own');
    expect(await detailOf(null)).toContain('asterisk -rx "module show like cdr"');
    expect(await detailOf(modules, { csv: '/x' })).toBeUndefined();
  });
});
