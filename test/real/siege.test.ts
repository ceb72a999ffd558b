import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { stringify } from 'yaml';
import { hashToken } from '../../src/api/cookie.ts';
import { ScriptedPbx } from '../../src/cli/demo/scripted-pbx.ts';
import type { Interaction } from '../../src/domain/interaction/interaction.ts';
import { divideDescriptors } from '../../src/runtime/open-files.ts';
import { client } from '../support/calls.ts';
import { logIn, openDesk, operator, seedStore } from '../support/desk-login.ts';
import { seededRandom } from '../support/random.ts';
import { queueUrl, storeUrl } from '../support/test-store.ts';
import { Gateway } from './crash/gateway.ts';
import { freeTcpPort } from './lab/ports.ts';
import { Asker } from './siege/asker.ts';
import { endlessHeader, IdleCrowd, pour, rubbish } from './siege/attackers.ts';
import { blockMainThread, collectGarbage } from './siege/inspector.ts';

const files = 1500;
const megabyte = 1024 * 1024;
const did = '74951200001';
const from = '+79161110001';
const token = 'token-of-an-admin';

/** The whole program as a process, attacked over its own sockets while a PBX asks it for routes. */
describe('the gateway under attack', () => {
  let directory: string;
  let pbx: ScriptedPbx;
  let gateway: Gateway;
  let asker: Asker;
  let agiPort: number;
  let url: string;
  let inspector: number;
  let calm: number;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'patchbay-siege-'));
    const database = storeUrl(join(directory, 'siege.db'));
    pbx = new ScriptedPbx({ username: 'pb', secret: 'pb', extensions: ['101', '102'], speed: 50, fallback: ['102'] });
    const httpPort = await freeTcpPort();
    agiPort = await freeTcpPort();
    inspector = await freeTcpPort();
    url = `http://127.0.0.1:${httpPort}`;
    const config = join(directory, 'patchbay.yaml');
    writeFileSync(config, configuration(database, httpPort, await pbx.ami.listen()));
    await seedStore(database, [
      { op: 'put-clients', clients: [client('c1', [from], { responsible: 'm101' })], at: 1 },
      await operator('a', 'm101'),
      { op: 'put-token', token: { name: 'test', role: 'admin', tokenHash: hashToken(token), createdAt: 1 } },
    ]);
    gateway = new Gateway({ config, url, log: join(directory, 'gateway.log') }, { files, inspector });
    gateway.start();
    await gateway.ready();
    asker = new Asker({ port: agiPort, from, did, dial: 'PJSIP/101' });
    for (let i = 0; i < 200; i += 1) await asker.ask();
    calm = await memoryInUse();
  }, 60_000);

  afterEach(async () => {
    expect(asker.wrong).toEqual([]);
    await gateway.ready();
    expect((await memoryInUse()) - calm).toBeLessThan(150 * megabyte);
  });

  afterAll(async () => {
    await gateway?.stop();
    await pbx?.ami.close();
    rmSync(directory, { recursive: true, force: true });
  });

  /** Bytes in use by the gateway after a garbage collection. */
  async function memoryInUse(): Promise<number> {
    await collectGarbage(inspector);
    return gateway.memory();
  }

  function configuration(database: string, httpPort: number, amiPort: number): string {
    return stringify({
      http: { port: httpPort },
      store: { url: database },
      queue: { url: queueUrl() },
      managers: [
        { id: 'm101', name: 'Anna', extensions: ['101'], user: 'a' },
        { id: 'm102', name: 'Boris', extensions: ['102'] },
      ],
      lines: [{ id: 'main', channel: 'call', address: did, label: 'Main' }],
      routing: { fallback: 'manager:m102' },
      connectors: {
        pbx: {
          kind: 'asterisk',
          ami: { host: '127.0.0.1', port: amiPort, username: 'pb', secret: 'pb' },
          agi: { port: agiPort },
        },
      },
    });
  }

  /** One call of the client, played to its end; returns its interaction. */
  async function playCall(name: string): Promise<Interaction> {
    const script = { from, name, did, ringMs: 1000, talkMs: 1000 };
    const newest = async () =>
      (await api<{ items: Interaction[] }>('GET', '/api/v1/interactions?limit=1')).items[0] ?? null;
    const before = await newest();
    await pbx.inbound(script, agiPort, new AbortController().signal);
    return vi.waitFor(async () => {
      const call = await newest();
      if (call === null || call.id === before?.id || call.endedAt === null)
        throw new Error('the call has not ended yet');
      return call;
    }, 20_000);
  }

  async function api<T>(method: string, path: string, body?: object): Promise<T> {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const answer = await fetch(`${url}${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  it('answers while silent connections try to use a third of its file descriptors, and limits their share', async () => {
    const crowd = new IdleCrowd(agiPort);
    await crowd.gather(files / 3);
    const interaction = await playCall('Client');
    const right = await asker.during(Promise.all(Array.from({ length: 50 }, () => asker.ask())));
    expect(interaction).toMatchObject({ state: 'answered', handledBy: { id: 'm101' } });
    expect(right).toBeGreaterThanOrEqual(50);
    expect(crowd.size).toBeGreaterThan(divideDescriptors(files).agi - 50);
    crowd.release();
  });

  it('rejects garbage, partial requests and endless headers on the FastAGI port, and keeps answering', async () => {
    const random = seededRandom(6);
    const noise = Promise.all([
      ...Array.from({ length: 100 }, () => pour(agiPort, rubbish(random, 20))),
      ...Array.from({ length: 100 }, () => pour(agiPort, ['agi_network: yes\nagi_req', 'uest: agi://127.0.0.1/rou'])),
    ]);
    expect(await asker.during(noise)).toBeGreaterThan(0);
    const taken = await pour(agiPort, endlessHeader('agi_callerid', 100 * megabyte));
    expect(taken).toBeLessThan(20 * megabyte);
  });

  it('accepts caller names of any kind, but strips control characters', async () => {
    await asker.ask('Анна 😀 Żółw مرحبا');
    const interaction = await playCall('Анна 😀\u2028\u0007 "; DROP TABLE');
    expect(interaction.party.name).toBe('Анна 😀  "; DROP TABLE');
    // Extra lines in a value would be extra headers: such a request is rejected or answered, never obeyed.
    await pour(agiPort, [
      'agi_network: yes\nagi_calleridname: x\r\nSET VARIABLE A "b"\nagi_request: agi://h/route\n\n',
    ]);
  });

  it('drops an AMI connection that sends a header of 100 MB, and reconnects to the PBX', async () => {
    pbx.ami.event('Newexten', { AppData: 'x'.repeat(100 * megabyte) });
    await vi.waitFor(async () => {
      const metrics = await (await fetch(`${url}/metrics`)).text();
      expect(metrics).toMatch(/patchbay_connection_ready\{[^}]*\} 0/);
    }, 10_000);
    await asker.during(gateway.ready());
    expect(await playCall('Client')).toMatchObject({ state: 'answered' });
  });

  it('closes desks that do not read, and sends the others everything', async () => {
    const cookie = await logIn(url, 'a');
    const open = () => openDesk(url, cookie);
    const { id } = await playCall('Client');
    const deaf = await Promise.all(Array.from({ length: 5 }, open));
    for (const socket of deaf) socket.pause();
    const reader = await open();
    const revisions: number[] = [];
    reader.on('message', (data) => {
      const message = JSON.parse(String(data)) as { type: string; interaction?: Interaction };
      if (message.type === 'update' && message.interaction?.id === id) revisions.push(message.interaction.revision);
    });
    const notes = async () => {
      let last = 0;
      for (let i = 0; i < 60; i += 1) {
        const after = await api<Interaction>('PATCH', `/api/v1/interactions/${id}`, { note: 'ж'.repeat(10_000) });
        last = after.revision;
      }
      return last;
    };
    const noted = notes();
    expect(await asker.during(noted)).toBeGreaterThan(0);
    const last = await noted;
    await vi.waitFor(() => expect(revisions.at(-1)).toBe(last), 10_000);
    expect(revisions).toEqual(Array.from({ length: 60 }, (_, i) => last - 59 + i));
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toMatch(/patchbay_desk_slow_readers(_total)? 5/);
    for (const socket of [reader, ...deaf]) socket.terminate();
  });

  it('answers while its main thread is blocked for 3 seconds', async () => {
    expect(await asker.during(blockMainThread(inspector, 3000))).toBeGreaterThan(10);
  });
});
