import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type WebSocket from 'ws';
import { stringify } from 'yaml';
import { moduleSchemas } from '../../src/cli/context.ts';
import { CrmReceiver } from '../../src/cli/demo/crm-receiver.ts';
import { parseConfig } from '../../src/config/load.ts';
import type { Interaction } from '../../src/domain/interaction/interaction.ts';
import { type Patchbay, startPatchbay } from '../../src/main.ts';
import { silentLogger } from '../../src/runtime/log.ts';
import { client as clientRecord } from '../support/calls.ts';
import { deskSocket, logIn, operator } from '../support/desk-login.ts';
import { type PostgresServer, startPostgres } from '../support/postgres-server.ts';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
import { Asterisk, type AsteriskVersion } from './lab/asterisk.ts';
import { dids } from './lab/config.ts';
import { client } from './lab/flow.ts';
import { freeTcpPort } from './lab/ports.ts';
import { printedConfig } from './lab/printed.ts';
import { SippOffice } from './lab/sipp.ts';

interface DeskMessage {
  readonly type: string;
  readonly at: number;
  readonly interaction?: Interaction;
  readonly client?: { readonly id: string } | null;
}

interface Ground {
  readonly version: AsteriskVersion;
  readonly ground: 'SQLite' | 'PostgreSQL and Redis';
}

const grounds: readonly Ground[] = [
  { version: '22', ground: 'SQLite' },
  { version: '16', ground: 'SQLite' },
  { version: '22', ground: 'PostgreSQL and Redis' },
];
const secret = `whsec_${Buffer.from('the real spine').toString('base64')}`;
const stranger = '79990000099';

describe.each(grounds)('a call from end to end on Asterisk $version with $ground', ({ version, ground }) => {
  let pbx: Asterisk;
  let office: SippOffice;
  let crm: CrmReceiver;
  let patchbay: Patchbay;
  let directory: string;
  let database: PostgresServer | undefined;
  let redis: RedisServer | undefined;
  let desk: WebSocket;
  let messages: DeskMessage[];
  let cookie: string;

  beforeAll(async () => {
    const agiPort = await freeTcpPort();
    directory = mkdtempSync(join(tmpdir(), 'patchbay-spine-'));
    if (ground !== 'SQLite') [database, redis] = await Promise.all([startPostgres(), startRedis()]);
    pbx = new Asterisk({ version, extra: printedConfig(agiPort, { record: true }) });
    await pbx.start();
    office = new SippOffice(pbx);
    crm = new CrmReceiver(secret);
    patchbay = await startPatchbay(configuration(agiPort, await crm.listen()), silentLogger);
    await patchbay.store.apply([
      await operator('a', 'a'),
      { op: 'put-clients', clients: [clientRecord('c1', [`+${client}`], { responsible: 'a' })], at: Date.now() },
    ]);
    await openPage();
    await vi.waitFor(async () => expect(await health()).toBe('ready'), { timeout: 20_000 });
  });

  afterEach(async () => {
    await pbx.idle();
    await office.stopAll();
  });

  afterAll(async () => {
    desk?.close();
    await patchbay?.stop();
    await crm?.close();
    await pbx?.dispose();
    await redis?.stop();
    database?.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  function configuration(agiPort: number, crmUrl: string) {
    const text = stringify({
      http: { port: 0 },
      store: { url: database?.database() ?? `sqlite:${join(directory, 'spine.db')}` },
      queue: { url: redis?.url ?? 'local' },
      managers: [
        { id: 'a', name: 'A', extensions: ['101'], user: 'a', deputy: 'b' },
        { id: 'b', name: 'B', extensions: ['102'] },
        { id: 'c', name: 'C', extensions: ['103'] },
      ],
      lines: [{ id: 'main', address: dids.patchbay, attribution: { source: 'site' } }],
      routing: { fallback: 'group:sales', ringTimeout: 10, groups: { sales: { members: ['b', 'c'] } } },
      connectors: {
        pbx: {
          kind: 'asterisk',
          ami: { host: '127.0.0.1', port: pbx.amiPort, username: 'patchbay', secret: 'lab-secret' },
          agi: { port: agiPort },
          extensions: '^10\\d$',
          recordings: { dir: pbx.monitorDir },
          cdr: { csv: pbx.cdrFile },
        },
      },
      destinations: { crm: { kind: 'webhook', url: crmUrl, secret } },
    });
    return parseConfig(text, 'spine.yaml', moduleSchemas, {});
  }

  async function openPage(): Promise<void> {
    cookie = await logIn(patchbay.url, 'a');
    messages = [];
    desk = deskSocket(patchbay.url, cookie);
    desk.on('message', (data) => messages.push({ at: Date.now(), ...JSON.parse(data.toString()) }));
  }

  async function health(): Promise<string | undefined> {
    const answer = (await (await fetch(`${patchbay.url}/health/ready`)).json()) as {
      connections: { health: string }[];
    };
    return answer.connections[0]?.health;
  }

  /** The newest interaction, once it has ended, its recording is stored and the CRM has it. */
  async function delivered(): Promise<Interaction> {
    let newest: Interaction | undefined;
    await expect
      .poll(
        async () => {
          const page = await patchbay.store.read.interactions({ limit: 1, cursor: null });
          newest = page.items[0];
          const settled = newest?.endedAt != null && newest.recordings.every((one) => one.state === 'ready');
          return settled && crm.interactions.get(newest?.id ?? '')?.revision === newest?.revision;
        },
        { timeout: 20_000 },
      )
      .toBe(true);
    return newest as Interaction;
  }

  it('known client: the responsible manager’s phone rings, the desk shows the card before the answer, the CRM gets the signed result', async () => {
    await office.phone('101', { kind: 'answer', afterMs: 2000 });
    const caller = await office.callIn({ from: client, to: dids.patchbay, hangUpAfterMs: 3000 });
    const call = await caller.done();
    const interaction = await delivered();

    const pop = messages.find((one) => one.type === 'pop');
    expect(pop?.interaction).toMatchObject({ id: interaction.id, state: 'ringing', answeredAt: null });
    expect(pop?.client).toMatchObject({ id: 'c1' });
    expect(interaction).toMatchObject({
      direction: 'inbound',
      state: 'answered',
      client: { id: 'c1' },
      responsible: { id: 'a' },
      handledBy: { id: 'a' },
      line: { id: 'main' },
      route: { decision: 'responsible' },
      reconstructed: false,
    });
    expect(Math.abs((interaction.talkSeconds ?? 0) - call.talkSeconds)).toBeLessThanOrEqual(1);
    expect(Math.abs((interaction.waitSeconds ?? 0) - (call.ringSeconds ?? 0))).toBeLessThanOrEqual(1);
    expect(interaction.recordings[0]).toMatchObject({ state: 'ready', mime: 'audio/wav' });
    const sound = await fetch(`${patchbay.url}/api/v1/recordings/${interaction.recordings[0]?.id}`, {
      headers: { cookie },
    });
    expect(sound.status).toBe(200);
    expect(crm.refused).toBe(0);
  });

  it('unknown caller: the group rings, and the interaction becomes a lead', async () => {
    await office.phone('102', { kind: 'refuse', status: 486, afterMs: 100 });
    await office.phone('103', { kind: 'answer', afterMs: 500 });
    const caller = await office.callIn({ from: stranger, to: dids.patchbay, hangUpAfterMs: 1000 });
    await caller.done();
    expect(await delivered()).toMatchObject({
      state: 'answered',
      client: null,
      match: { outcome: 'unknown' },
      handledBy: { id: 'c' },
      route: { decision: 'group' },
    });
  });

  it('responsible manager busy: the deputy is rung', async () => {
    await office.phone('101', { kind: 'refuse', status: 486, afterMs: 100 });
    await office.phone('102', { kind: 'answer', afterMs: 500 });
    const caller = await office.callIn({ from: client, to: dids.patchbay, hangUpAfterMs: 1000 });
    await caller.done();
    expect(await delivered()).toMatchObject({
      state: 'answered',
      handledBy: { id: 'b' },
      route: { decision: 'deputy' },
    });
  });
});
