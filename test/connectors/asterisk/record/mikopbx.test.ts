import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MikoPbxSource } from '../../../../src/connectors/asterisk/record/mikopbx.ts';
import type { MikoPbxSettings } from '../../../../src/connectors/asterisk/record/settings.ts';
import { RecordUnreadable } from '../../../../src/connectors/asterisk/record/source.ts';
import { recordZone } from '../../../../src/connectors/asterisk/record/zone.ts';
import { RecordRun, recordRules } from '../../../support/call-records.ts';

type Row = Readonly<Record<string, string | number>>;

/** A row as MikoPBX stores it, with the suffix that it adds to unique ids. */
function row(id: number, more: Row = {}): Row {
  return {
    id,
    start: '2026-11-24 12:00:00.120',
    answer: '2026-11-24 12:00:05.300',
    endtime: '2026-11-24 12:01:00.000',
    src_chan: 'PJSIP/SIP-TRUNK-1-00000001',
    src_num: '79161234567',
    src_name: 'ООО "Ромашка"',
    dst_chan: 'PJSIP/201-WS-00000002',
    dst_num: '201',
    UNIQUEID: `mikopbx-17954${id}.1_Ab3dEf`,
    linkedid: `mikopbx-17954${id}.0`,
    did: '74951234567',
    disposition: 'ANSWERED',
    duration: 60,
    billsec: 55,
    ...more,
  };
}

function xml(rows: readonly Row[]): string {
  const attributes = (one: Row) =>
    Object.entries(one)
      .map(([name, value]) => `${name}="${encodeURIComponent(value)}" `)
      .join('');
  return `<?xml version="1.0"?>\n<cdr-table-askozia>\n${rows.map((one) => `<cdr-row ${attributes(one)} />\n`).join('')}</cdr-table-askozia>`;
}

/** A stand-in that answers as MikoPBX's API and the module for 1C do, each with its limit. */
describe("MikoPBX's call record", () => {
  let server: Server;
  let url: string;
  let rows: Row[];
  let format: 'json' | 'xml';
  let status: number;
  let asked: { readonly path: string; readonly authorization: string | undefined }[];

  beforeEach(async () => {
    rows = [];
    format = 'json';
    status = 200;
    asked = [];
    server = createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://pbx');
      asked.push({ path: pathname, authorization: request.headers.authorization });
      const isV3 = pathname === '/pbxcore/api/v3/cdr';
      const after = Number(searchParams.get(isV3 ? 'idFrom' : 'offset') ?? 0);
      const limit = Math.min(Number(searchParams.get('limit')), isV3 ? 1000 : 600);
      const found = rows.filter(({ id }) => Number(id) > after);
      if (searchParams.get('order') === 'DESC') found.reverse();
      const page = found.slice(0, limit);
      response.statusCode = status;
      if (isV3) response.end(JSON.stringify({ result: true, data: { records: page, pagination: {} } }));
      else response.end(format === 'xml' ? xml(page) : JSON.stringify(page));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterEach(() => new Promise((resolve) => server.close(resolve)));

  function runOf(more: Partial<MikoPbxSettings> = {}): RecordRun {
    const settings = { url, api: 'get_data', timeout: 5, ...more } as const;
    const { toInstant } = recordZone('Europe/Moscow');
    const source = () => new MikoPbxSource(settings, toInstant, new AbortController().signal);
    return new RecordRun(source, recordRules({ extensions: '^[1-9]\\d{2}$', trunks: ['SIP-TRUNK-1'] }));
  }

  it.each([
    ['the module, as JSON', {}, 'json'],
    ['older modules, as XML', {}, 'xml'],
    ['the REST API', { api: 'v3', token: 'key' }, 'json'],
  ] as const)('reads new rows from %s', async (_, settings, as) => {
    format = as;
    rows = Array.from({ length: 37 }, (_one, i) => row(i + 1));
    const run = runOf(settings);
    expect(await run.read()).toBe(0);
    rows.push(
      row(41, { recordingfile: '/storage/usbdisk1/mikopbx/astspool/monitor/2026/11/24/12/mikopbx-1.mp3' }),
      row(42, { linkedid: 'mikopbx-1795441.0', dst_chan: '', dst_num: '600', disposition: 'NOANSWER' }),
    );
    await run.read();
    await run.read();
    expect(run.calls).toHaveLength(1);
    expect(run.calls[0]).toMatchObject({
      key: 'pbx:mikopbx-1795441.0',
      aliases: ['pbx:mikopbx-1795441.1', 'pbx:mikopbx-1795442.1'],
      direction: 'inbound',
      state: 'answered',
      party: { raw: '79161234567', name: 'ООО "Ромашка"' },
      dialled: '74951234567',
      recordings: [{ file: '/storage/usbdisk1/mikopbx/astspool/monitor/2026/11/24/12/mikopbx-1.mp3' }],
      legs: [{ extension: '201', talkedAt: Date.parse('2026-11-24T12:00:05.300+03:00') }],
    });
  });

  it('reads page after page, and continues after a restart', async () => {
    const run = runOf();
    await run.read();
    rows = Array.from({ length: 1300 }, (_one, i) => row(i + 1));
    await run.read();
    expect(new Set(run.calls.map(({ key }) => key)).size).toBe(1300);
    run.restart();
    rows.push(row(1301));
    await run.read();
    expect(run.calls.at(-1)?.key).toBe('pbx:mikopbx-179541301.0');
  });

  it('sends the token', async () => {
    await runOf({ api: 'v3', token: 'key' }).read();
    expect(asked).toEqual([{ path: '/pbxcore/api/v3/cdr', authorization: 'Bearer key' }]);
  });

  it('says that MikoPBX refuses, or answers something else', async () => {
    const run = runOf();
    await run.read();
    status = 403;
    await expect(run.read()).rejects.toThrow(RecordUnreadable);
    status = 200;
    format = 'xml';
    rows = [];
    expect(await run.read()).toBe(0);
    server.removeAllListeners('request');
    server.on('request', (_, response) => response.end('<html>Log in</html>'));
    await expect(run.read()).rejects.toThrow('answered no call record');
  });
});
