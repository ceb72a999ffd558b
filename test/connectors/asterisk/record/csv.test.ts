import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callOfRows } from '../../../../src/connectors/asterisk/record/calls.ts';
import { CsvSource, parseCdrLine } from '../../../../src/connectors/asterisk/record/csv.ts';
import { recordZone } from '../../../../src/connectors/asterisk/record/zone.ts';
import { RecordRun, recordRules } from '../../../support/call-records.ts';

const { toInstant } = recordZone('UTC');

/** A line written by cdr_csv with loguniqueid, loguserfield and newcdrcolumns. */
function line(
  id: string,
  more: { linkedid?: string; channel?: string; answer?: string; disposition?: string; source?: string } = {},
): string {
  const {
    linkedid = id,
    channel = 'PJSIP/trunk-00000001',
    answer = '2026-11-24 09:00:05',
    disposition = 'ANSWERED',
    source = '79161234567',
  } = more;
  const texts = [
    '',
    source,
    '74951234567',
    'from-trunk',
    `"Name, with ""quotes""" <${source}>`.replaceAll('"', '""'),
    channel,
    'PJSIP/101-00000002',
    'Dial',
    'PJSIP/101',
  ];
  const times = ['2026-11-24 09:00:00', answer, '2026-11-24 09:00:35'];
  const cells = [...texts, ...times].map((text) => `"${text}"`);
  return `${[...cells, '35', '30', `"${disposition}"`, '"DOCUMENTATION"', `"${id}"`, '""', '""', `"${linkedid}"`, '7'].join(',')}\n`;
}

describe("the PBX's call record", () => {
  let directory: string;
  let path: string;
  let run: RecordRun;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'patchbay-cdr-'));
    path = join(directory, 'Master.csv');
    run = new RecordRun(() => new CsvSource(path, toInstant));
  });

  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it('reads names in the charset of their trunk, and says which trunk it was', async () => {
    await run.read();
    const [before = '', after = ''] = line('1.0').split('Name, with');
    const name = Buffer.from([0xce, 0xce, 0xce, 0x20, 0xcf, 0xf0, 0xe8, 0xec, 0xe5, 0xf0]);
    writeFileSync(path, Buffer.concat([Buffer.from(before), name, Buffer.from(after)]));
    await run.read();
    expect(run.calls[0]).toMatchObject({ trunk: 'trunk', party: { name: expect.stringMatching(/^ООО Пример/) } });
  });

  it('starts at the end of the file and then reports only new calls', async () => {
    writeFileSync(path, line('1.0'));
    expect(await run.read()).toBe(0);
    appendFileSync(path, line('2.0'));
    expect(await run.read()).toBe(1);
    expect(await run.read()).toBe(0);
    expect(run.calls[0]).toMatchObject({
      key: 'pbx:2.0',
      direction: 'inbound',
      state: 'answered',
      reconstructed: true,
    });
    expect(run.calls[0]?.legs[0]).toMatchObject({ extension: '101', talkedAt: Date.parse('2026-11-24T09:00:05Z') });
  });

  it('reads a file created after the first start from its beginning', async () => {
    expect(await run.read()).toBe(0);
    writeFileSync(path, line('1.0'));
    expect(await run.read()).toBe(1);
  });

  it('leaves an incomplete line for later, and keeps its cursor if the store fails', async () => {
    writeFileSync(path, '');
    await run.read();
    appendFileSync(path, line('1.0').slice(0, 40));
    expect(await run.read()).toBe(0);
    appendFileSync(path, line('1.0').slice(40));
    await expect(run.read(() => Promise.reject(new Error('disk full')))).rejects.toThrow('disk full');
    expect(await run.read()).toBe(1);
  });

  it('reads a new file after a rotation from its beginning', async () => {
    writeFileSync(path, line('1.0'));
    await run.read();
    renameSync(path, `${path}.1`);
    writeFileSync(path, line('2.0'));
    expect(await run.read()).toBe(1);
  });

  it('reads the remaining lines of a rotated file', async () => {
    writeFileSync(path, line('1.0'));
    await run.read();
    appendFileSync(path, line('2.0'));
    renameSync(path, `${path}.1`);
    writeFileSync(path, line('3.0'));
    await run.read();
    expect(run.calls.map((call) => call.key)).toEqual(['pbx:2.0', 'pbx:3.0']);
  });

  it('reports a call once if its rows arrive in two reads', async () => {
    writeFileSync(path, '');
    await run.read();
    appendFileSync(path, line('1.0', { disposition: 'NO ANSWER', answer: '' }));
    await run.read();
    appendFileSync(path, line('1.2', { linkedid: '1.0' }));
    await run.read();
    expect(run.calls.map((call) => [call.state, call.legs.length])).toEqual([
      ['missed', 1],
      ['answered', 1],
    ]);
  });

  it('keeps its cursor before a call that is still tracked live, even after a restart', async () => {
    writeFileSync(path, '');
    await run.read();
    appendFileSync(path, line('1.0') + line('2.0'));
    await run.read(undefined, (call) => call.key === 'pbx:1.0');
    expect(run.calls.map((call) => call.key)).toEqual(['pbx:2.0']);

    run.restart();
    await run.read();
    expect(run.calls.map((call) => call.key)).toEqual(['pbx:1.0', 'pbx:2.0']);
  });

  it('passes over a call whose end was seen under all its keys, and moves on', async () => {
    await run.read();
    writeFileSync(path, line('1.0') + line('1.5', { linkedid: '1.0' }) + line('2.0'));
    const keys: string[] = [];
    const isSeen = (of: readonly string[]) => keys.push(...of) > 0 && of.every((key) => key === 'pbx:1.0');
    await run.read(undefined, undefined, isSeen);
    expect(keys.slice(0, 4)).toEqual(['pbx:1.0', 'pbx:1.0', 'pbx:1.0', 'pbx:1.5']);
    expect(run.calls.map(({ key }) => key)).toEqual(['pbx:1.0', 'pbx:2.0']);
    run.restart();
    await run.read(undefined, undefined, () => true);
    expect(run.calls).toEqual([]);
  });

  it('moves the cursor on when later rows are much newer', async () => {
    writeFileSync(path, '');
    await run.read();
    appendFileSync(path, line('1.0') + line('2.0').replaceAll('09:00', '12:00'));
    await run.read();
    run.restart();
    await run.read();
    expect(run.calls.map((call) => call.key)).toEqual(['pbx:2.0']);
  });

  it('finds the linkedid even if other columns are disabled', () => {
    const short = line('5.1', { linkedid: '5.0' }).replace(',"","","5.0"', ',"","5.0"');
    expect(parseCdrLine(short.trim(), toInstant)?.linkedid).toBe('5.0');
  });

  it('reads the recording from userfield if that is the column', () => {
    const named = line('5.0').replace(',"","","5.0"', ',"in-1.wav","","5.0"').trim();
    expect(parseCdrLine(named, toInstant, 'userfield')?.recording).toBe(
      '/var/spool/asterisk/monitor/2026/11/24/in-1.wav',
    );
    expect(parseCdrLine(named, toInstant)?.recording).toBe('');
  });

  it('ignores rows that do not identify their call', async () => {
    const bare = line('5.1').replace(/,"","","5.1",7$/m, '');
    expect(parseCdrLine(bare.trim(), toInstant)).toBeNull();
    writeFileSync(path, '');
    await run.read();
    appendFileSync(path, bare);
    expect(await run.read()).toBe(0);
  });

  it('finds the caller in any order of rows, and recognises a withheld number', () => {
    const rows = [
      line('1.2', { linkedid: '1.0', channel: 'Local/101@x-00000001;2' }),
      line('1.0', { source: 'anonymous', disposition: 'NO ANSWER', answer: '' }),
    ].map((text) => parseCdrLine(text.trim(), toInstant));
    const call = callOfRows(rows as never, recordRules());
    expect(call).toMatchObject({ direction: 'inbound', party: { withheld: true } });
  });
});
