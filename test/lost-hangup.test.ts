import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { stringify } from 'yaml';
import { moduleSchemas } from '../src/cli/context.ts';
import { ScriptedPbx } from '../src/cli/demo/scripted-pbx.ts';
import { parseConfig } from '../src/config/load.ts';
import { type Patchbay, startPatchbay } from '../src/main.ts';
import { silentLogger } from '../src/runtime/log.ts';
import { queueUrl, storeUrl } from './support/test-store.ts';

const directory = mkdtempSync(join(tmpdir(), 'patchbay-hangup-'));
const sixMinutes = 6 * 60_000;
let pbx: ScriptedPbx;
let patchbay: Patchbay;

beforeEach(async () => {
  pbx = new ScriptedPbx({ username: 'pb', secret: 'pb', extensions: ['101'], speed: 1, fallback: ['101'] });
  const ami = { host: '127.0.0.1', port: await pbx.ami.listen(), username: 'pb', secret: 'pb' };
  const text = stringify({
    http: { port: 0 },
    store: { url: storeUrl(join(directory, 'hangup.db')) },
    queue: { url: queueUrl() },
    managers: [{ id: 'm101', name: 'Anna', extensions: ['101'] }],
    connectors: { pbx: { kind: 'asterisk', ami } },
  });
  // Only periodic work of several minutes uses fake time; sockets, deadlines and the store run in real time.
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  patchbay = await startPatchbay(parseConfig(text, 'hangup.yaml', moduleSchemas, {}), silentLogger);
});

afterEach(async () => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  await patchbay.stop();
  await pbx.ami.close();
  rmSync(directory, { recursive: true, force: true });
});

/** The only call in the store. */
async function onlyCall() {
  const { items } = await patchbay.store.read.interactions({ limit: 10, cursor: null });
  expect(items).toHaveLength(1);
  return items[0];
}

it('ends a call whose Hangup never arrived, using the periodic list of channels', async () => {
  await vi.waitFor(async () => {
    const answer = await fetch(`${patchbay.url}/health/ready`);
    expect(await answer.json()).toMatchObject({ connections: [{ health: 'ready' }] });
  }, 20_000);
  const say = pbx.ami.event.bind(pbx.ami);
  vi.spyOn(pbx.ami, 'event').mockImplementation((name, fields) => {
    if (name !== 'Hangup' && name !== 'BridgeLeave') say(name, fields);
  });
  const script = { from: '79161234567', name: '', did: '74951234567', ringMs: 50, talkMs: 50 };
  await pbx.inbound(script, 1, new AbortController().signal);
  await vi.waitFor(async () => expect(await onlyCall()).toMatchObject({ state: 'talking', endedAt: null }), 20_000);

  const now = Date.now;
  vi.spyOn(Date, 'now').mockImplementation(() => now() + sixMinutes);
  vi.advanceTimersByTime(sixMinutes);

  await vi.waitFor(async () => expect(await onlyCall()).toMatchObject({ state: 'answered', reconstructed: true }), {
    timeout: 10_000,
  });
  expect((await onlyCall())?.legs).toMatchObject([{ extension: '101', outcome: 'answered' }]);
});
