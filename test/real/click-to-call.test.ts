import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { stringify } from 'yaml';
import { hashToken } from '../../src/api/cookie.ts';
import { moduleSchemas } from '../../src/cli/context.ts';
import { parseConfig } from '../../src/config/load.ts';
import type { Interaction } from '../../src/domain/interaction/interaction.ts';
import { isDoubtful } from '../../src/domain/reasons/sending.ts';
import { openStore } from '../../src/intake/open-store.ts';
import { type Patchbay, startPatchbay } from '../../src/main.ts';
import { silentLogger } from '../../src/runtime/log.ts';
import { AmiTestServer, emptyLists } from '../support/ami-server.ts';
import { client as clientRecord } from '../support/calls.ts';
import { queueUrl, storeUrl } from '../support/test-store.ts';
import { Gateway } from './crash/gateway.ts';
import { Asterisk } from './lab/asterisk.ts';
import { dids } from './lab/config.ts';
import { client } from './lab/flow.ts';
import { freeTcpPort } from './lab/ports.ts';
import { printedConfig } from './lab/printed.ts';
import { SippOffice } from './lab/sipp.ts';

const visitor = '+79161230002';
const token = 'token-of-a-program';

/** Asks a program to call the client from extension 101. */
async function requestCall(url: string, manager: string, key?: string): Promise<Response> {
  return fetch(`${url}/api/v1/calls`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ manager, phone: `+${client}`, key }),
  });
}

/** The write that makes the token known to the program. */
const tokenWrite = () => ({
  op: 'put-token' as const,
  token: { name: 'the test', role: 'integration' as const, tokenHash: hashToken(token), createdAt: Date.now() },
});

/** `POST /calls` on a real PBX with real phones, using the account and dialplan printed by `pbx-config`. */
describe('click-to-call', () => {
  let directory: string;
  let pbx: Asterisk;
  let office: SippOffice;
  let patchbay: Patchbay;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'patchbay-click-'));
    const agiPort = await freeTcpPort();
    pbx = new Asterisk({ version: '22', extra: printedConfig(agiPort) });
    await pbx.start();
    office = new SippOffice(pbx);
    const text = stringify({
      http: { port: 0 },
      store: { url: storeUrl(join(directory, 'click.db')) },
      queue: { url: queueUrl() },
      blobs: { url: `file:${join(directory, 'blobs')}` },
      managers: [
        { id: 'a', name: 'A', extensions: ['101'] },
        { id: 'away', name: 'Away', extensions: ['105'] },
        { id: 'busy', name: 'Busy', extensions: ['102'] },
      ],
      lines: [
        { id: 'direct', address: dids.direct },
        { id: 'site', channel: 'form', form: { callback: {} } },
      ],
      routing: { fallback: 'group:sales', groups: { sales: { members: ['a'] } } },
      connectors: {
        pbx: {
          kind: 'asterisk',
          clickToCall: { context: 'patchbay-call', callerId: dids.direct },
          ami: { host: '127.0.0.1', port: pbx.amiPort, username: 'patchbay', secret: 'lab-secret' },
          agi: { port: agiPort },
          extensions: '^10\\d$',
          cdr: { csv: pbx.cdrFile },
        },
      },
    });
    patchbay = await startPatchbay(parseConfig(text, 'click.yaml', moduleSchemas, {}), silentLogger);
    const clients = [clientRecord('c1', [`+${client}`]), { ...clientRecord('c2', [visitor]), responsible: 'busy' }];
    await patchbay.store.apply([{ op: 'put-clients', clients, at: Date.now() }, tokenWrite()]);
    await vi.waitFor(
      async () => {
        const answer = await fetch(`${patchbay.url}/health/ready`);
        const { connections } = (await answer.json()) as { connections: { health: string }[] };
        expect(connections[0]?.health).toBe('ready');
      },
      { timeout: 30_000 },
    );
  });
  afterAll(async () => {
    await office?.stopAll();
    await patchbay?.stop();
    await pbx?.dispose();
    rmSync(directory, { recursive: true, force: true });
  });

  const read = (id: string) => patchbay.store.read.interaction(id as Interaction['id']);

  it('rings the manager, then the client, and is one interaction from the request to the end', async () => {
    await office.phone('101', { kind: 'answer', afterMs: 300 });
    await office.trunk({ kind: 'answer', afterMs: 500, hangUpAfterMs: 1500 });
    const clicks = await Promise.all([
      requestCall(patchbay.url, 'a', 'click'),
      requestCall(patchbay.url, 'a', 'click'),
    ]);
    expect(clicks.map(({ status }) => status)).toEqual([202, 202]);
    const [asked, again] = (await Promise.all(clicks.map((one) => one.json()))) as Interaction[];
    expect(again?.id).toBe(asked?.id);
    const call = await vi.waitFor(
      async () => {
        const one = await read(asked?.id ?? '');
        expect(one?.state).toBe('answered');
        return one;
      },
      { timeout: 30_000 },
    );
    expect(call).toMatchObject({
      direction: 'outbound',
      party: { phone: `+${client}` },
      client: { id: 'c1' },
      handledBy: { id: 'a' },
      legs: [{ extension: '101', outcome: 'answered' }],
      line: { id: 'direct' },
      problem: null,
    });
    expect(call?.talkSeconds).toBeGreaterThanOrEqual(1);
    const { items } = await patchbay.store.read.interactions({ limit: 10, cursor: null });
    expect(items).toHaveLength(1);
  });

  it('calls back a visitor through the responsible manager, or the next one if nobody picks up', async () => {
    await office.phone('102', { kind: 'refuse', status: 486, afterMs: 200 });
    const answer = await fetch(`${patchbay.url}/api/v1/forms/site`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ phone: visitor, _pb_request: 'callback' }),
    });
    const { id, callback } = (await answer.json()) as { id: string; callback: { state: string } };
    expect(callback.state).toBe('calling');
    const calls = await vi.waitFor(
      async () => {
        const { items } = await patchbay.store.read.interactions({ limit: 10, cursor: null, phone: visitor });
        const found = items.filter(({ channel }) => channel === 'call').reverse();
        expect(found.at(-1)?.state).toBe('answered');
        return found;
      },
      { timeout: 30_000 },
    );
    expect(calls).toMatchObject([
      { causedBy: id, legs: [{ extension: '102' }], answeredAt: null, route: { decision: 'responsible' } },
      {
        causedBy: id,
        legs: [{ extension: '101', outcome: 'answered' }],
        client: { id: 'c2' },
        route: { decision: 'group' },
      },
    ]);
    expect(await patchbay.store.read.task(id)).toMatchObject({ kind: 'call_back', state: 'done' });
  });

  it('reports that an unregistered phone was not rung', async () => {
    const asked = (await (await requestCall(patchbay.url, 'away')).json()) as Interaction;
    await vi.waitFor(async () => expect((await read(asked.id))?.state).toBe('failed'), { timeout: 30_000 });
    expect((await read(asked.id))?.problem).toContain('telephone 105');
  });
});

/** The program dies between its request to the PBX and the answer. The PBX is scripted and stays silent. */
describe('a gateway killed while a call is being started', () => {
  let directory: string;
  let pbx: AmiTestServer;
  let gateway: Gateway;
  let url: string;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'patchbay-click-kill-'));
    pbx = new AmiTestServer();
    pbx.answer = (action) => (action.get('action') === 'Originate' ? null : emptyLists(action));
    const httpPort = await freeTcpPort();
    url = `http://127.0.0.1:${httpPort}`;
    const config = join(directory, 'patchbay.yaml');
    const text = stringify({
      http: { port: httpPort },
      store: { url: storeUrl(join(directory, 'kill.db')) },
      queue: { url: queueUrl() },
      blobs: { url: `file:${join(directory, 'blobs')}` },
      managers: [{ id: 'a', name: 'A', extensions: ['101'] }],
      connectors: {
        pbx: {
          kind: 'asterisk',
          clickToCall: { context: 'patchbay-call' },
          ami: { host: '127.0.0.1', port: await pbx.listen(), username: 'pb', secret: 'pb' },
        },
      },
    });
    writeFileSync(config, text);
    // The token must exist before the program starts, because nobody else may write while it runs.
    const store = await openStore({ url: storeUrl(join(directory, 'kill.db')), country: 'RU', publicUrl: url });
    await store.apply([tokenWrite()]);
    await store.close();
    gateway = new Gateway({ config, url, log: join(directory, 'gateway.log') });
  });
  afterAll(async () => {
    await gateway?.stop();
    await pbx?.close();
    rmSync(directory, { recursive: true, force: true });
  });

  it('reports the call as uncertain, and never starts it again', async () => {
    const originated = () => pbx.actions.filter((action) => action.get('action') === 'Originate');
    gateway.start();
    await gateway.ready();
    const asked = (await (await requestCall(url, 'a')).json()) as Interaction;
    await vi.waitFor(() => expect(originated()).toHaveLength(1), { timeout: 30_000 });
    await gateway.kill();
    gateway.start();
    await gateway.ready();
    const uncertain = await vi.waitFor(
      async () => {
        const answer = await fetch(`${url}/api/v1/interactions/${asked.id}`, {
          headers: { authorization: `Bearer ${token}` },
        });
        const one = (await answer.json()) as Interaction;
        expect(one.problem).not.toBeNull();
        return one;
      },
      { timeout: 30_000 },
    );
    expect(uncertain.state).toBe('queued');
    expect(isDoubtful(uncertain.problemReason ?? { code: '' })).toBe(true);
    // A further call is started, so the older uncertain one has had its turn.
    await requestCall(url, 'a');
    await vi.waitFor(() => expect(originated()).toHaveLength(2), { timeout: 30_000 });
    const channels = originated().map((action) => action.get('channelid'));
    expect(channels.filter((one) => one === `patchbay-${asked.id}`)).toHaveLength(1);
  });
});
