import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CelTable } from '../../../../../src/connectors/asterisk/record/cel/table.ts';
import { CelTeller } from '../../../../../src/connectors/asterisk/record/cel/teller.ts';
import { sqliteTable } from '../../../../../src/connectors/asterisk/record/sqlite.ts';
import { TableSource } from '../../../../../src/connectors/asterisk/record/table.ts';
import { recordZone } from '../../../../../src/connectors/asterisk/record/zone.ts';
import { RecordRun, recordRules } from '../../../../support/call-records.ts';

type CelValues = readonly (string | number)[];

const [head = '', ...lines] = readFileSync(
  new URL('../../../../fixtures/cel/asterisk-22.jsonl', import.meta.url),
  'utf8',
)
  .trim()
  .split('\n');
const { columns } = JSON.parse(head) as { readonly columns: readonly string[] };
const flows = new Map(
  lines
    .map((line) => JSON.parse(line) as { readonly flow: string; readonly rows: readonly CelValues[] })
    .map(({ flow, rows }) => [flow, rows]),
);
const zone = recordZone('UTC');
const at = (name: string, row: CelValues) => String(row[columns.indexOf(name)]);

/** A database with a `cdr` and a `cel` table, into which the rows of recorded flows are written. */
describe('calls of a cdr table with a cel table beside it', () => {
  let directory: string;
  let database: Database.Database;
  let run: RecordRun;
  let cel: CelTable;

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'patchbay-cel-'));
    const path = join(directory, 'master.db');
    database = new Database(path);
    database.exec(`CREATE TABLE cel (${columns.join(', ')})`);
    database.exec(
      'CREATE TABLE cdr (calldate, src, dst, channel, dstchannel, lastapp, duration, billsec, disposition, uniqueid, linkedid, sequence, recordingfile)',
    );
    const rules = recordRules({ extensions: '^\\d{3}$' });
    cel = new CelTable(sqliteTable({ path, table: 'cel' }), zone);
    const clock = { now: () => Date.parse('2026-12-01T00:00:00Z') };
    run = new RecordRun(
      () => new TableSource(sqliteTable({ path, table: 'cdr' }), zone, clock),
      rules,
      new CelTeller(cel, rules),
    );
    await run.read();
  });

  afterEach(() => {
    database.close();
    rmSync(directory, { recursive: true, force: true });
  });

  function writeCel(rows: readonly CelValues[]): void {
    const insert = database.prepare(`INSERT INTO cel VALUES (${columns.map(() => '?').join(', ')})`);
    for (const row of rows) insert.run(...row);
  }

  /** Writes the row that a `cdr` table has of the channel that the flow began with, or of another one. */
  function writeCdr(
    rows: readonly CelValues[],
    { linkedid = at('linkedid', rows[0] ?? []), recording = '', to = 'PJSIP/101-1' } = {},
  ): void {
    const own = rows.filter((row) => at('linkedid', row) === linkedid);
    const [first, last] = [own[0] ?? [], own.at(-1) ?? []];
    const start = Number(at('eventtime', first)) * 1000;
    const seconds = Math.round(Number(at('eventtime', last)) - start / 1000);
    database
      .prepare(`INSERT INTO cdr VALUES (?, ?, ?, ?, ?, 'Dial', ?, ?, 'ANSWERED', ?, ?, 1, ?)`)
      .run(
        ...[zone.toText(start), at('cid_num', first), at('exten', first), at('channame', first), to],
        ...[seconds, seconds, at('uniqueid', first), linkedid, recording],
      );
  }

  const flow = (name: string) => flows.get(name) ?? [];

  it('are told by their events, with the recording of the cdr table', async () => {
    const rows = flow('transfer-attended');
    writeCel(rows);
    writeCdr(rows, { recording: '/monitor/a.wav' });
    await run.read();
    expect(run.calls).toMatchObject([
      {
        basis: 'record',
        reconstructed: true,
        state: 'answered',
        legs: [{ extension: '101' }, { extension: '102' }],
        transfers: [{ kind: 'attended', from: { extension: '101' }, to: { extension: '102' }, outcome: 'done' }],
        recordings: [{ file: '/monitor/a.wav', state: 'pending' }],
      },
    ]);
  });

  it('are one call if they have several linkedids, under the keys of all', async () => {
    const rows = flow('pickup');
    const linkedids = [...new Set(rows.map((row) => at('linkedid', row)))];
    expect(linkedids).toHaveLength(2);
    writeCel(rows);
    for (const linkedid of linkedids) writeCdr(rows, { linkedid, recording: `/monitor/${linkedid}.wav` });
    await run.read();
    const [first, second] = run.calls;
    expect(second).toEqual(first);
    expect([first?.key, ...(first?.aliases ?? [])]).toEqual(linkedids.map((id) => `pbx:${id}`));
    expect(first?.transfers).toMatchObject([{ kind: 'pickup', to: { extension: '103' } }]);
    expect(first?.recordings).toHaveLength(2);
  });

  it('are none for what is no call live either', async () => {
    const rows = flow('inbound-answered');
    const spy = rows.map((row) =>
      row.map((value) =>
        String(value)
          .replace('PJSIP/trunk-', 'PJSIP/105-')
          .replace('79990000001', '105')
          .replace('74950000002', '555')
          .replace(/^Dial$/, 'ChanSpy'),
      ),
    );
    const own = spy.filter(
      (row) => at('channame', row).startsWith('PJSIP/105-') && !/BRIDGE/.test(at('eventtype', row)),
    );
    writeCel(own);
    writeCdr(own, { to: '' });
    await run.read();
    expect(run.calls).toEqual([]);
  });

  it('wait for events that are written late, but not for good', async () => {
    const rows = flow('transfer-attended');
    writeCel(rows.slice(0, -6));
    writeCdr(rows);
    await run.read();
    expect(run.calls).toEqual([]);
    writeCel(rows.slice(-6));
    await run.read();
    expect(run.calls).toMatchObject([{ transfers: [{ kind: 'attended' }] }]);

    const lost = flow('transfer-blind');
    writeCel(lost.slice(0, -6));
    writeCdr(lost);
    for (let i = 0; i < 10; i += 1) await run.read();
    expect(run.calls).toMatchObject([{ transfers: [{ kind: 'attended' }] }, { transfers: [], state: 'answered' }]);
  });

  it.each([
    ['without events', () => false],
    ['whose events lack the bridges', (type: string) => !type.startsWith('BRIDGE')],
    ['whose events lack the beginning', (type: string) => type !== 'CHAN_START'],
  ])('are told by the cdr table %s', async (_, isWritten) => {
    const rows = flow('inbound-answered');
    writeCel(rows.filter((row) => isWritten(at('eventtype', row))));
    writeCdr(rows);
    for (let i = 0; i < 10; i += 1) await run.read();
    expect(run.calls).toMatchObject([{ state: 'answered', legs: [{ extension: '101', rings: 1 }] }]);
  });

  it('are many at once', async () => {
    for (const rows of flows.values()) {
      writeCel(rows);
      for (const linkedid of new Set(rows.map((row) => at('linkedid', row)))) writeCdr(rows, { linkedid });
    }
    await run.read();
    expect(new Set(run.calls.map(({ key }) => key)).size).toBeGreaterThanOrEqual(flows.size);
  });

  it('are examined: which columns and events are missing', async () => {
    writeCel(flow('transfer-attended').filter((row) => at('eventtype', row) !== 'LINKEDID_END'));
    expect(await cel.inspect()).toMatchObject({ missing: [], lacking: ['LINKEDID_END'] });
    database.exec('ALTER TABLE cel DROP COLUMN extra');
    expect(await cel.inspect()).toMatchObject({ missing: ['extra'] });
    expect(() => database.exec('DROP TABLE cel')).not.toThrow();
    await expect(cel.inspect()).rejects.toThrow('no such table');
  });
});
