import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { stringify } from 'yaml';
import { moduleSchemas } from '../../../src/cli/context.ts';
import { parseConfig } from '../../../src/config/load.ts';
import { startPatchbay } from '../../../src/main.ts';
import { silentLogger } from '../../../src/runtime/log.ts';
import { client } from '../../support/calls.ts';
import { startOnec } from '../../support/onec/onec.ts';
import { queueUrl, storeUrl } from '../../support/test-store.ts';
import { VatsServer } from '../../support/vats-server.ts';

it('brings a call of a cloud PBX through routing into УНФ', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'patchbay-cloud-'));
  const server = new VatsServer();
  await server.start();
  const onec = await startOnec({ preset: 'unf', telephony: { key: 'unf-key' } });
  const text = stringify({
    http: { port: 0 },
    store: { url: storeUrl(join(directory, 'cloud.db')) },
    queue: { url: queueUrl() },
    blobs: { url: `file:${join(directory, 'blobs')}` },
    managers: [
      { id: 'anna', name: 'Anna', extensions: ['vats/101'] },
      { id: 'boris', name: 'Boris', extensions: ['vats/102'] },
    ],
    lines: [{ id: 'main', channel: 'call', address: '74951234567' }],
    routing: {
      rules: [{ name: 'own', when: { match: 'matched' }, to: 'responsible' }],
      fallback: 'group:duty',
      groups: { duty: { members: ['anna'] } },
    },
    connectors: { vats: { kind: 'vats', token: 'hook-key' } },
    destinations: { unf: { kind: 'itoolabs', url: onec.telephonyUrl, key: 'unf-key' } },
  });
  const patchbay = await startPatchbay(parseConfig(text, 'cloud.yaml', moduleSchemas, {}), silentLogger);
  onTestFinished(async () => {
    await patchbay.stop();
    await onec.close();
    await server.close();
    rmSync(directory, { recursive: true, force: true });
  });
  server.hook = `${patchbay.url}/api/v1/hooks/vats`;
  const rose = client('crm:1', ['+79161234567'], { name: 'Ромашка', responsible: 'boris' });
  await patchbay.store.apply([{ op: 'put-clients', clients: [rose], at: Date.now() }]);

  const call = { phone: '79161234567', callid: 'c1', diversion: '74951234567', direction: 'in' };
  const stranger = await server.post({ cmd: 'contact', ...call, phone: '79160000000', callid: 'c0' });
  expect(JSON.parse(stranger.text)).toEqual({ contact_name: '', responsible: '101' });
  const known = await server.post({ cmd: 'contact', ...call });
  expect(JSON.parse(known.text)).toEqual({ contact_name: 'Ромашка', responsible: '102' });
  for (const type of ['INCOMING', 'ACCEPTED', 'COMPLETED'])
    expect((await server.post({ cmd: 'event', type, ext: '102', ...call })).status).toBe(200);

  await vi.waitFor(
    () =>
      expect(onec.view.records('ДанныеЗвонков')).toMatchObject([
        { НомерОтКого: '79161234567', НомерКому: '102', Неотвеченный: false, ВызовЗавершен: true },
      ]),
    { timeout: 20_000 },
  );
  const { items } = await patchbay.store.read.interactions({ limit: 10, cursor: null });
  expect(items).toMatchObject([
    {
      state: 'answered',
      client: { name: 'Ромашка' },
      handledBy: { id: 'boris' },
      line: { id: 'main' },
      route: { decision: 'responsible', to: '102' },
    },
  ]);
}, 40_000);
