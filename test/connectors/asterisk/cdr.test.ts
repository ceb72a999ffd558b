import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CdrReader } from '../../../src/connectors/asterisk/cdr-reader.ts';
import { callOfRows, parseCdrLine } from '../../../src/connectors/asterisk/cdr-record.ts';
import type { CallSnapshot } from '../../../src/domain/interaction/contact-event.ts';
import { silentLogger } from '../../../src/runtime/log.ts';
import { endpointsFor } from '../../support/asterisk-config.ts';

const rules = {
  connection: 'pbx',
  endpoints: endpointsFor({ extensions: '^10\\d$' }),
  toInstant: (text: string) => (text === '' ? Number.NaN : Date.parse(`${text.replace(' ', 'T')}Z`)),
};

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
  let cursor: string | null;
  let calls: CallSnapshot[];
  let reader: CdrReader;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'patchbay-cdr-'));
    path = join(directory, 'Master.csv');
    cursor = null;
    calls = [];
    reader = restarted();
  });

  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  /** A reader after a restart of the program, which knows only the cursor. */
  function restarted(): CdrReader {
    return new CdrReader(path, rules, {
      log: silentLogger,
      cursor: {
        get: async () => cursor,
        set: async (_, value) => {
          cursor = value;
        },
      },
    });
  }

  const keep = async (call: CallSnapshot) => void calls.push(call);

  function read(emit = keep, isLive: (call: CallSnapshot) => boolean = () => false): Promise<number> {
    return reader.read(emit, isLive);
  }

  it('starts at the end of the file and then reports only new calls', async () => {
    writeFileSync(path, line('1.0'));
    expect(await read()).toBe(0);
    appendFileSync(path, line('2.0'));
    expect(await read()).toBe(1);
    expect(await read()).toBe(0);
    expect(calls[0]).toMatchObject({ key: 'pbx:2.0', direction: 'inbound', state: 'answered', reconstructed: true });
    expect(calls[0]?.legs[0]).toMatchObject({ extension: '101', talkedAt: Date.parse('2026-11-24T09:00:05Z') });
  });

  it('reads a file created after the first start from its beginning', async () => {
    expect(await read()).toBe(0);
    writeFileSync(path, line('1.0'));
    expect(await read()).toBe(1);
  });

  it('leaves an incomplete line for later, and keeps its cursor if the store fails', async () => {
    writeFileSync(path, '');
    await read();
    appendFileSync(path, line('1.0').slice(0, 40));
    expect(await read()).toBe(0);
    appendFileSync(path, line('1.0').slice(40));
    await expect(read(() => Promise.reject(new Error('disk full')))).rejects.toThrow('disk full');
    expect(await read()).toBe(1);
  });

  it('reads a new file after a rotation from its beginning', async () => {
    writeFileSync(path, line('1.0'));
    await read();
    renameSync(path, `${path}.1`);
    writeFileSync(path, line('2.0'));
    expect(await read()).toBe(1);
  });

  it('reads the remaining lines of a rotated file', async () => {
    writeFileSync(path, line('1.0'));
    await read();
    appendFileSync(path, line('2.0'));
    renameSync(path, `${path}.1`);
    writeFileSync(path, line('3.0'));
    await read();
    expect(calls.map((call) => call.key)).toEqual(['pbx:2.0', 'pbx:3.0']);
  });

  it('reports a call once if its rows arrive in two reads', async () => {
    writeFileSync(path, '');
    await read();
    appendFileSync(path, line('1.0', { disposition: 'NO ANSWER', answer: '' }));
    await read();
    appendFileSync(path, line('1.2', { linkedid: '1.0' }));
    await read();
    expect(calls.map((call) => [call.state, call.legs.length])).toEqual([
      ['missed', 1],
      ['answered', 2],
    ]);
  });

  it('keeps its cursor before a call that is still tracked live, even after a restart', async () => {
    writeFileSync(path, '');
    await read();
    appendFileSync(path, line('1.0') + line('2.0'));
    await read(keep, (call) => call.key === 'pbx:1.0');
    expect(calls.map((call) => call.key)).toEqual(['pbx:2.0']);

    reader = restarted();
    await read();
    expect(calls.map((call) => call.key)).toEqual(['pbx:2.0', 'pbx:1.0', 'pbx:2.0']);
  });

  it('moves the cursor on when later rows are much newer', async () => {
    writeFileSync(path, '');
    await read();
    appendFileSync(path, line('1.0') + line('2.0').replaceAll('09:00', '12:00'));
    await read();
    reader = restarted();
    calls = [];
    await read();
    expect(calls.map((call) => call.key)).toEqual(['pbx:2.0']);
  });

  it('finds the linkedid even if other columns are disabled', () => {
    const short = line('5.1', { linkedid: '5.0' }).replace(',"","","5.0"', ',"","5.0"');
    expect(parseCdrLine(short.trim(), rules)?.linkedid).toBe('5.0');
  });

  it('ignores rows that do not identify their call', async () => {
    const bare = line('5.1').replace(/,"","","5.1",7$/m, '');
    expect(parseCdrLine(bare.trim(), rules)).toBeNull();
    writeFileSync(path, '');
    await read();
    appendFileSync(path, bare);
    expect(await read()).toBe(0);
  });

  it('finds the caller in any order of rows, and recognises a withheld number', () => {
    const rows = [
      line('1.2', { linkedid: '1.0', channel: 'Local/101@x-00000001;2' }),
      line('1.0', { source: 'anonymous', disposition: 'NO ANSWER', answer: '' }),
    ].map((text) => parseCdrLine(text.trim(), rules));
    const call = callOfRows(rows as never, rules);
    expect(call).toMatchObject({ direction: 'inbound', party: { withheld: true } });
  });
});
