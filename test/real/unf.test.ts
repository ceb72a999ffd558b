import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { stringify } from 'yaml';
import { moduleSchemas } from '../../src/cli/context.ts';
import { parseConfig } from '../../src/config/load.ts';
import { type Patchbay, startPatchbay } from '../../src/main.ts';
import { silentLogger } from '../../src/runtime/log.ts';
import { type Onec, startOnec } from '../support/onec/onec.ts';
import { queueUrl, storeUrl } from '../support/test-store.ts';
import { Asterisk } from './lab/asterisk.ts';
import { dids } from './lab/config.ts';
import { client } from './lab/flow.ts';
import { freeTcpPort } from './lab/ports.ts';
import { printedConfig } from './lab/printed.ts';
import { SippOffice } from './lab/sipp.ts';

const patience = { timeout: 30_000, interval: 100 };

/** The stock telephony service of a scripted УНФ, with a real PBX and real telephones. */
describe('УНФ behind a real Asterisk', () => {
  let directory: string;
  let pbx: Asterisk;
  let phones: SippOffice;
  let patchbay: Patchbay;
  let onec: Onec;
  let anna: string;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'patchbay-unf-'));
    const [agiPort, port] = [await freeTcpPort(), await freeTcpPort()];
    const publicUrl = `http://127.0.0.1:${port}`;
    pbx = new Asterisk({ version: '22', extra: printedConfig(agiPort, { record: true }) });
    const telephony = { key: 'unf-key', pbx: `${publicUrl}/api/v1/hooks/unf`, token: 'pbx-key' };
    [onec] = await Promise.all([startOnec({ preset: 'unf', telephony }), pbx.start()]);
    phones = new SippOffice(pbx);
    anna = onec.people.addUser({ name: 'Анна', extension: '101' });
    onec.people.addUser({ name: 'Борис', extension: '102' });
    onec.people.addClient({ name: 'Ромашка', manager: anna, phones: [`+${client}`] });
    const text = stringify({
      http: { port, publicUrl },
      store: { url: storeUrl(join(directory, 'unf.db')) },
      queue: { url: queueUrl() },
      blobs: { url: `file:${join(directory, 'blobs')}` },
      managers: [
        { id: 'anna', name: 'Anna', extensions: ['101'] },
        { id: 'boris', name: 'Boris', extensions: ['102'] },
      ],
      lines: [{ id: 'main', address: dids.patchbay }],
      routing: {
        rules: [{ name: 'own', when: { match: 'matched' }, to: 'responsible' }],
        fallback: 'group:duty',
        groups: { duty: { members: ['boris'] } },
      },
      connectors: {
        pbx: {
          kind: 'asterisk',
          clickToCall: { context: 'patchbay-call' },
          ami: { host: '127.0.0.1', port: pbx.amiPort, username: 'patchbay', secret: 'lab-secret' },
          agi: { port: agiPort },
          extensions: '^10\\d$',
          recordings: { dir: pbx.monitorDir },
        },
      },
      destinations: { unf: { kind: 'itoolabs', url: onec.telephonyUrl, key: 'unf-key', token: 'pbx-key' } },
      clients: { sources: ['unf'] },
    });
    patchbay = await startPatchbay(parseConfig(text, 'unf.yaml', moduleSchemas, {}), silentLogger);
    await vi.waitFor(async () => {
      const answer = await fetch(`${patchbay.url}/health/ready`);
      const { connections } = (await answer.json()) as { connections: { health: string }[] };
      expect(connections.map(({ health }) => health)).toEqual(['ready', 'ready']);
    }, patience);
  });

  afterEach(async () => {
    await pbx.idle();
    await phones.stopAll();
  });

  afterAll(async () => {
    await phones?.stopAll();
    await patchbay?.stop();
    await onec?.close();
    await pbx?.dispose();
    rmSync(directory, { recursive: true, force: true });
  });

  const records = () => onec.view.records('ДанныеЗвонков');

  it('has a call from its ring to its record, and the name that it told', async () => {
    await phones.phone('102', { kind: 'answer', afterMs: 2000 });
    const caller = await phones.callIn({ from: client, to: dids.patchbay, hangUpAfterMs: 2000 });
    await vi.waitFor(() => expect(onec.telephony.popups).toMatchObject([{ caller: { name: 'Ромашка' } }]), patience);
    await caller.done();
    await vi.waitFor(
      () =>
        expect(records()).toMatchObject([
          {
            НомерОтКого: client,
            НомерКому: '102',
            Неотвеченный: false,
            ВызовЗавершен: true,
            СсылкаНаЗаписьРазговора: expect.stringContaining('/api/v1/recordings/'),
          },
        ]),
      patience,
    );
    expect(Number(records()[0]?.ДлительностьРазговора)).toBeGreaterThanOrEqual(1);
    const { items } = await patchbay.store.read.interactions({ limit: 10, cursor: null });
    expect(items).toMatchObject([{ client: { name: 'Ромашка' }, handledBy: { id: 'boris' } }]);
  });

  it('routes the next call of the number to the responsible whom it named', async () => {
    await phones.phone('101', { kind: 'answer', afterMs: 500 });
    const caller = await phones.callIn({ from: client, to: dids.patchbay, hangUpAfterMs: 1000 });
    await caller.done();
    await vi.waitFor(() => expect(records().map((row) => row.НомерКому)).toContain('101'), patience);
    const { items } = await patchbay.store.read.interactions({ limit: 1, cursor: null });
    expect(items).toMatchObject([{ route: { decision: 'responsible' }, handledBy: { id: 'anna' } }]);
  });

  it('calls by a click, and the call continues the event that was open', async () => {
    await phones.phone('101', { kind: 'answer', afterMs: 300 });
    await phones.trunk({ kind: 'answer', afterMs: 300, hangUpAfterMs: 1500 });
    const event = String(onec.base.create('Document_Событие', { ТипСобытия: 'ТелефонныйЗвонок' }).Ref_Key);
    const events = onec.view.documents('Событие').length;
    const reply = await onec.telephony.makeCall(anna, `+${client}`, event);
    const { callid } = JSON.parse(reply.text) as { callid: string };
    await vi.waitFor(
      () =>
        expect(records().find((row) => row.Событие_Key === event)).toMatchObject({
          ИдентификаторЗвонкаВАТС: callid,
          ВходящееИсходящее: 'Исходящее',
          НомерОтКого: '101',
          Неотвеченный: false,
          ВызовЗавершен: true,
        }),
      patience,
    );
    expect(onec.view.documents('Событие')).toHaveLength(events);
    expect(onec.view.records('КонтактЦентрВходящее')).toEqual([]);
  });
});
