import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { stringify } from 'yaml';
import { ScriptedPbx } from '../../src/cli/demo/scripted-pbx.ts';
import { queueUrl, storeUrl } from '../support/test-store.ts';
import { Gateway } from './crash/gateway.ts';
import { keptInteractions } from './crash/kept.ts';
import { freeTcpPort } from './lab/ports.ts';

const monitor = '/var/spool/asterisk/monitor/2026/11/24/in-1.wav';
let directory: string;
let pbx: ScriptedPbx;
let gateway: Gateway;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'patchbay-recording-'));
  mkdirSync(join(directory, 'monitor/2026/11/24'), { recursive: true });
  pbx = new ScriptedPbx({ username: 'pb', secret: 'pb', extensions: ['101'], speed: 1, fallback: ['101'] });
  const ami = { host: '127.0.0.1', port: await pbx.ami.listen(), username: 'pb', secret: 'pb' };
  const port = await freeTcpPort();
  const config = join(directory, 'patchbay.yaml');
  const recordings = { dir: join(directory, 'monitor') };
  writeFileSync(
    config,
    stringify({
      http: { port },
      store: { url: storeUrl(join(directory, 'kept.db')) },
      queue: { url: queueUrl() },
      managers: [{ id: 'm101', name: 'Anna', extensions: ['101'] }],
      connectors: { pbx: { kind: 'asterisk', ami, recordings } },
    }),
  );
  gateway = new Gateway({ config, url: `http://127.0.0.1:${port}`, log: join(directory, 'gateway.log') });
});

afterAll(async () => {
  await gateway?.stop();
  await pbx?.ami.close();
  rmSync(directory, { recursive: true, force: true });
});

/** State and recordings of the only call in the store. */
async function kept() {
  const calls = await keptInteractions(storeUrl(join(directory, 'kept.db')));
  return calls.map((one) => [one.state, one.recordings.map((recording) => recording.state)]);
}

it('finds, after a restart, a recording whose file arrived while the gateway was down', async () => {
  gateway.start();
  await gateway.ready();
  const sendEvent = pbx.ami.event.bind(pbx.ami);
  vi.spyOn(pbx.ami, 'event').mockImplementation((name, fields) => {
    sendEvent(name, fields);
    if (name === 'Newchannel' && fields.Uniqueid === fields.Linkedid)
      sendEvent('VarSet', { ...fields, Variable: 'MIXMONITOR_FILENAME', Value: monitor });
  });
  const script = { from: '79161234567', name: '', did: '74951234567', ringMs: 50, talkMs: 300 };
  await pbx.inbound(script, 1, new AbortController().signal);
  await vi.waitFor(async () => expect(await kept()).toEqual([['answered', ['pending']]]), { timeout: 5000 });

  await gateway.kill();
  expect(await kept()).toEqual([['answered', ['pending']]]);
  writeFileSync(join(directory, 'monitor/2026/11/24/in-1.wav'), 'sound');
  gateway.start();
  await gateway.ready();

  await vi.waitFor(async () => expect(await kept()).toEqual([['answered', ['ready']]]), { timeout: 20_000 });
});
