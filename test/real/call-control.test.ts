import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { stringify } from 'yaml';
import { hashToken } from '../../src/api/cookie.ts';
import { moduleSchemas } from '../../src/cli/context.ts';
import { parseConfig } from '../../src/config/load.ts';
import type { Interaction } from '../../src/domain/interaction/interaction.ts';
import { type Patchbay, startPatchbay } from '../../src/main.ts';
import type { CommandView } from '../../src/outbound/call-commands.ts';
import { silentLogger } from '../../src/runtime/log.ts';
import { queueUrl, storeUrl } from '../support/test-store.ts';
import { Asterisk, type AsteriskVersion } from './lab/asterisk.ts';
import { dids } from './lab/config.ts';
import { client } from './lab/flow.ts';
import { freeTcpPort } from './lab/ports.ts';
import { printedConfig } from './lab/printed.ts';
import { SippOffice } from './lab/sipp.ts';

const token = 'token-of-a-supervisor';
const patient = { timeout: 30_000, interval: 50 };

/** Commands from the desk on a real PBX with real phones, with the AMI account that `pbx-config` prints. */
describe.each<AsteriskVersion>(['22', '16'])('commands to calls on Asterisk %s', (version) => {
  let directory: string;
  let pbx: Asterisk;
  let office: SippOffice;
  let patchbay: Patchbay;
  let since: string;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'patchbay-control-'));
    const agiPort = await freeTcpPort();
    pbx = new Asterisk({ version, extra: printedConfig(agiPort) });
    await pbx.start();
    office = new SippOffice(pbx);
    const text = stringify({
      http: { port: 0 },
      store: { url: storeUrl(join(directory, 'control.db')) },
      queue: { url: queueUrl() },
      blobs: { url: `file:${join(directory, 'blobs')}` },
      managers: ['101', '102', '103'].map((number) => ({ id: `m${number}`, name: number, extensions: [number] })),
      routing: { groups: { all: { members: ['m101', 'm102', 'm103'] } }, fallback: 'group:all' },
      connectors: {
        pbx: {
          kind: 'asterisk',
          callControl: { context: 'internal', passOnDeclined: true },
          ami: { host: '127.0.0.1', port: pbx.amiPort, username: 'patchbay', secret: 'lab-secret' },
          extensions: '^10\\d$',
        },
      },
    });
    patchbay = await startPatchbay(parseConfig(text, 'control.yaml', moduleSchemas, {}), silentLogger);
    const made = { name: 'the desk', role: 'supervisor' as const, tokenHash: hashToken(token), createdAt: Date.now() };
    await patchbay.store.apply([{ op: 'put-token', token: made }]);
    await vi.waitFor(async () => {
      const answer = await fetch(`${patchbay.url}/health/ready`);
      expect(await answer.json()).toMatchObject({ connections: [{ health: 'ready' }] });
    }, patient);
  });
  afterEach(async () => {
    await pbx.idle(40_000);
    await office.stopAll();
  });
  afterAll(async () => {
    await office?.stopAll();
    await patchbay?.stop();
    await pbx?.dispose();
    rmSync(directory, { recursive: true, force: true });
  });

  async function post(path: string, body: object): Promise<CommandView> {
    const answer = await fetch(`${patchbay.url}/api/v1${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return (await answer.json()) as CommandView;
  }
  const command = (call: Interaction, manager: string, action: string, to?: string) =>
    post(`/calls/${call.id}/commands`, { action, manager, ...(to !== undefined && { to }) });

  /** A call from outside to 101, for at most 20 seconds. */
  async function callIn(to: string = dids.direct): Promise<void> {
    since = new Date().toISOString();
    await office.callIn({ from: client, to, hangUpAfterMs: 20_000 });
  }
  async function calls(): Promise<readonly Interaction[]> {
    const { items } = await patchbay.store.read.interactions({ limit: 10, cursor: null, since });
    return items.filter((one) => one.mergedInto === null);
  }
  /** The call, once it is like this. */
  function call(like: object): Promise<Interaction> {
    return vi.waitFor(async () => {
      const [one] = await calls();
      expect(one).toMatchObject(like);
      return one as Interaction;
    }, patient);
  }
  const talking = (extension: string) => ({
    state: 'talking',
    legs: expect.arrayContaining([
      expect.objectContaining({ extension, talkedAt: expect.any(String), endedAt: null, heldAt: null }),
    ]),
  });

  it('shows that the client is on hold', async () => {
    await office.phone('101', { kind: 'answer', afterMs: 300, hold: { afterMs: 1000, forMs: 2000 } });
    await callIn();
    await call({ legs: [{ extension: '101', heldAt: expect.any(String) }] });
    const { id } = await call(talking('101'));
    expect(await post(`/calls/${id}/commands`, { action: 'hang_up' })).toMatchObject({ state: 'done' });
    await call({ state: 'answered' });
  });

  it('hangs up', async () => {
    await office.phone('101', { kind: 'answer', afterMs: 300 });
    await callIn();
    expect(await command(await call(talking('101')), 'm101', 'hang_up')).toMatchObject({ state: 'done' });
    await call({ state: 'answered', legs: [{ extension: '101', outcome: 'answered' }] });
  });

  it('transfers without asking', async () => {
    await office.phone('101', { kind: 'answer', afterMs: 300 });
    await office.phone('102', { kind: 'answer', afterMs: 500 });
    await callIn();
    const done = await command(await call(talking('101')), 'm101', 'blind_transfer', 'm102');
    expect(done).toMatchObject({ state: 'done', problem: null });
    const moved = await call(talking('102'));
    expect(moved.transfers).toMatchObject([{ kind: 'blind', from: { extension: '101' }, to: { extension: '102' } }]);
    await command(moved, 'm102', 'hang_up');
    await call({ state: 'answered', handledBy: { id: 'm102' } });
  });

  it('consults a colleague, then hands the call over', async () => {
    await office.phone('101', { kind: 'answer', afterMs: 300 });
    await office.phone('102', { kind: 'answer', afterMs: 500 });
    await callIn();
    const own = await call(talking('101'));
    const from = pbx.ami.events.length;
    const done = await command(own, 'm101', 'attended_transfer', 'm102');
    expect(done).toMatchObject({ state: 'done', problem: null });
    const held = await call({ legs: [{ extension: '101', heldAt: expect.any(String) }, { extension: '102' }] });
    await vi.waitFor(
      () => expect(pbx.ami.events.slice(from).some(({ event }) => isInBridge(event, '102'))).toBe(true),
      patient,
    );
    expect(await command(held, 'm101', 'complete_transfer')).toMatchObject({ state: 'done' });
    const moved = await call(talking('102'));
    expect(moved.transfers).toMatchObject([{ kind: 'attended', to: { extension: '102' }, outcome: 'done' }]);
    await command(moved, 'm102', 'hang_up');
    await call({ state: 'answered' });
  });

  it('returns to the client from a consultation', async () => {
    await office.phone('101', { kind: 'answer', afterMs: 300 });
    await office.phone('102', { kind: 'ring' });
    await callIn();
    const own = await call(talking('101'));
    await command(own, 'm101', 'attended_transfer', 'm102');
    await call({ legs: [{ extension: '101', heldAt: expect.any(String) }, { extension: '102' }] });
    expect(await command(own, 'm101', 'cancel_transfer')).toMatchObject({ state: 'done', problem: null });
    await call(talking('101'));
    await command(own, 'm101', 'hang_up');
    await call({ state: 'answered', handledBy: { id: 'm101' } });
  });

  it('parks the client', async () => {
    await office.phone('101', { kind: 'answer', afterMs: 300 });
    await callIn();
    expect(await command(await call(talking('101')), 'm101', 'park')).toMatchObject({ state: 'done', problem: null });
    const parked = await call({ transfers: [{ kind: 'park', from: { extension: '101' }, to: { extension: '701' } }] });
    expect(await post(`/calls/${parked.id}/commands`, { action: 'hang_up' })).toMatchObject({ state: 'done' });
    await call({ state: 'answered' });
  });

  it('passes a ringing call on to a colleague', async () => {
    await office.phone('101', { kind: 'ring' });
    await office.phone('102', { kind: 'answer', afterMs: 500 });
    await callIn();
    const ringing = await call({ state: 'ringing', legs: [{ extension: '101', rangAt: expect.any(String) }] });
    expect(await command(ringing, 'm101', 'pass_on', 'm102')).toMatchObject({ state: 'done', problem: null });
    const taken = await call(talking('102'));
    await command(taken, 'm102', 'hang_up');
    const ended = await call({ state: 'answered', handledBy: { id: 'm102' } });
    expect(ended.legs).toMatchObject([{ extension: '101', talkedAt: null }, { extension: '102' }]);
    expect(await calls()).toHaveLength(1);
  });

  it('takes a declined call from voicemail, and rings whom routing names next', async () => {
    await office.phone('102', { kind: 'refuse', status: 603, afterMs: 500 });
    await office.phone('101', { kind: 'answer', afterMs: 500 });
    await callIn(dids.voicemail);
    const taken = await call(talking('101'));
    expect(taken).toMatchObject({ route: { to: '101&103' } });
    await command(taken, 'm101', 'hang_up');
    const ended = await call({ state: 'answered', handledBy: { id: 'm101' } });
    expect(ended.legs).toContainEqual(expect.objectContaining({ extension: '102', outcome: 'rejected' }));
    expect(await calls()).toHaveLength(1);
  });

  it('picks up the call that rings at a colleague', async () => {
    await office.phone('101', { kind: 'ring' });
    await office.phone('103', { kind: 'answer', afterMs: 300 });
    await callIn();
    await call({ state: 'ringing', legs: [{ extension: '101', rangAt: expect.any(String) }] });
    const done = await post('/calls/pick-up', { colleague: 'm101', manager: 'm103' });
    expect(done).toMatchObject({ state: 'done', problem: null });
    const taken = await call(talking('103'));
    expect(taken.transfers).toMatchObject([{ kind: 'pickup', from: { extension: '101' }, to: { extension: '103' } }]);
    await command(taken, 'm103', 'hang_up');
    await call({ state: 'answered', handledBy: { id: 'm103' } });
    expect(await calls()).toHaveLength(1);
  });

  it('lets a supervisor listen, which is no call', async () => {
    await office.phone('101', { kind: 'answer', afterMs: 300 });
    await office.phone('103', { kind: 'answer', afterMs: 300 });
    await callIn();
    const own = await call(talking('101'));
    const from = pbx.ami.events.length;
    expect(await post(`/calls/${own.id}/listen`, { manager: 'm103' })).toMatchObject({ state: 'done', problem: null });
    await vi.waitFor(
      () => expect(pbx.ami.events.slice(from).some(({ event }) => event.Event === 'ChanSpyStart')).toBe(true),
      patient,
    );
    await command(own, 'm101', 'hang_up');
    await call({ state: 'answered', legs: [{ extension: '101' }] });
    await pbx.idle(40_000);
    expect(await calls()).toHaveLength(1);
    const { items } = await patchbay.store.read.audit({ limit: 1, cursor: null, action: 'listen' });
    expect(items).toMatchObject([{ who: 'token:the desk', subject: own.id }]);
  });

  it('says in words what cannot be done', async () => {
    await office.phone('101', { kind: 'ring' });
    await callIn();
    const ringing = await call({ state: 'ringing', legs: [{ extension: '101' }] });
    expect(await command(ringing, 'm101', 'blind_transfer', 'm102')).toMatchObject({
      state: 'failed',
      problemReason: { code: 'notTalking', values: { extension: '101' } },
    });
    await post(`/calls/${ringing.id}/commands`, { action: 'hang_up' });
    await call({ state: 'missed' });
  });
});

/** Whether an event says that an extension is in a talk. */
function isInBridge(event: Readonly<Record<string, string>>, extension: string): boolean {
  return event.Event === 'BridgeEnter' && (event.Channel ?? '').startsWith(`PJSIP/${extension}-`);
}
