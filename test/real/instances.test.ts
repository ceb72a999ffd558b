import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { askRoute } from '../../src/cli/demo/agi-side.ts';
import { CrmReceiver } from '../../src/cli/demo/crm-receiver.ts';
import { type CallRecordOfPbx, ScriptedPbx } from '../../src/cli/demo/scripted-pbx.ts';
import type { Interaction } from '../../src/domain/interaction/interaction.ts';
import { sleep } from '../../src/runtime/sleep.ts';
import { deskSocket, logIn, operator, seedStore } from '../support/desk-login.ts';
import { type PostgresServer, startPostgres } from '../support/postgres-server.ts';
import { seededRandom } from '../support/random.ts';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
import { ask, auditSql, type Instance, makeInstances, state } from './instances/cluster.ts';
import { Streams } from './instances/streams.ts';

interface PlayedCall extends CallRecordOfPbx {
  readonly from: string;
}

interface Holder {
  readonly holder: string | null;
  readonly epoch: number;
}

/** `PATCHBAY_STORM_ROUNDS` sets more rounds for a long run. */
const rounds = Number(process.env.PATCHBAY_STORM_ROUNDS ?? 12);
const seed = 20261125;
const secret = `whsec_${Buffer.from('three of a kind').toString('base64')}`;
const extensions = Array.from({ length: 20 }, (_, i) => String(101 + i));
const did = '74951200001';

/** Three instances of the built program on one real PostgreSQL and one real Redis; PBX and CRM are scripted, over real sockets. */
describe('three instances on one database and one Redis', () => {
  const random = seededRandom(seed);
  const played: PlayedCall[] = [];
  const streams = new Streams(random);
  const streaming = new AbortController();
  let directory: string;
  let server: PostgresServer;
  let redis: RedisServer;
  let database: string;
  let pbx: ScriptedPbx;
  let crm: CrmReceiver;
  let instances: readonly Instance[];
  let serial = 0;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'patchbay-three-'));
    [server, redis] = await Promise.all([startPostgres(), startRedis()]);
    database = server.database();
    const record = join(directory, 'Master.csv');
    writeFileSync(record, '');
    pbx = new ScriptedPbx({ username: 'pb', secret: 'pb', extensions, speed: 1, fallback: ['101', '102'], record });
    crm = new CrmReceiver(secret);
    const crmUrl = await crm.listen();
    await seedStore(database, [await operator('a', 'm101')]);
    await ask(database, auditSql);
    const amiPort = await pbx.ami.listen();
    await streams.open();
    instances = await makeInstances(3, { directory, database, redis: redis.url }, async (reach, agi) => {
      const ami = { ...(await reach(amiPort)), username: 'pb', secret: 'pb' };
      const core = await reach(Number(new URL(crmUrl).port));
      const url = `http://${core.host}:${core.port}${new URL(crmUrl).pathname}`;
      const { connectors, lines } = await streams.configuration(reach);
      return {
        managers: extensions.map((extension) => ({ id: `m${extension}`, name: extension, extensions: [extension] })),
        lines: [{ id: 'main', channel: 'call', address: did, label: 'Main' }, ...lines],
        routing: {
          fallback: 'group:all',
          groups: { all: { members: extensions.map((one) => `m${one}`), strategy: 'rotate' } },
        },
        destinations: {
          crm: { kind: 'webhook', url, secret, timeout: 3, concurrency: 8, retry: { first: 0.2, longest: 2 } },
        },
        connectors: { pbx: { kind: 'asterisk', timezone: 'UTC', ami, agi, cdr: { csv: record } }, ...connectors },
      };
    });
    for (const { gateway } of instances) gateway.start();
    await Promise.all(instances.map(({ gateway }) => gateway.ready()));
  }, 120_000);

  afterAll(async () => {
    streaming.abort();
    await Promise.all((instances ?? []).map(({ gateway }) => gateway.stop()));
    for (const { wire } of instances ?? []) wire.close();
    await Promise.all([pbx?.ami.close(), crm?.close(), streams.close()]);
    await redis?.stop();
    server?.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  async function holder(): Promise<Holder> {
    const [row] = await ask<Holder>(database, "SELECT holder, epoch::int FROM leases WHERE name = 'connection:pbx'");
    return row ?? { holder: null, epoch: 0 };
  }

  /** The instance that holds the lease and is connected to the PBX. One that has lost the lease unnoticed may report that too. */
  async function leader(): Promise<Instance> {
    return vi
      .waitFor(
        async () => {
          const { epoch } = await holder();
          const taken = `"lease":"connection:pbx","epoch":${epoch},`;
          const one = instances.find(({ log }) => readFileSync(log, 'utf8').includes(taken));
          if (one === undefined || !(await isConnected(one)))
            throw new Error('nobody holds the lease and is connected to the PBX');
          return one;
        },
        { timeout: 60_000, interval: 50 },
      )
      .catch(describeFailure('nobody leads'));
  }

  /** Rejects with the state of database and instances. */
  function describeFailure(what: string): (error: unknown) => Promise<never> {
    return async (error) => {
      throw new Error(`${what}\n${await state(database, instances)}`, { cause: error });
    };
  }

  async function isConnected({ url }: Instance): Promise<boolean> {
    const answer = await fetch(`${url}/health/ready`).catch(() => null);
    const body = (await answer?.json().catch(() => null)) as { connections: { health: string }[] } | null;
    return body?.connections[0]?.health === 'ready';
  }

  async function play(agiPort: number, talks = true): Promise<void> {
    serial += 1;
    const from = `7916${1_000_000 + serial}`;
    const script = { from, name: '', did, ringMs: 100 + random() * 600, talkMs: talks ? 50 + random() * 1500 : 0 };
    played.push({ from, ...(await pbx.inbound(script, agiPort, new AbortController().signal)) });
  }

  it('sends calls tracked by another instance to a desk, and resumes that desk on a third', {
    timeout: 150_000,
  }, async () => {
    const first = await leader();
    const [second, third] = instances.filter((one) => one !== first) as [Instance, Instance];
    const cookie = await logIn(second.url, 'a');
    const socket = deskSocket(second.url, cookie);
    const messages: { type: string; seq: number; interaction?: { endedAt: string | null } }[] = [];
    socket.on('message', (data) => messages.push(JSON.parse(String(data))));
    await vi.waitFor(() => expect(messages[0]?.type).toBe('hello'), 10_000);
    // Managers take turns: after as many calls as extensions, each had a turn.
    for (let i = 0; i < extensions.length && !messages.some(({ type }) => type === 'pop'); i += 1)
      await play(third.agiPort, false);
    await vi.waitFor(() => expect(messages.some(({ type }) => type === 'pop')).toBe(true), 10_000);
    await vi.waitFor(() => expect(messages.some(({ type }) => type === 'presence')).toBe(true), 10_000);
    // A call that is still ringing would be sent as a pop-up again.
    const ended = () => messages.some(({ type, interaction }) => type === 'update' && interaction?.endedAt !== null);
    await vi.waitFor(() => expect(ended()).toBe(true), 20_000);
    socket.terminate();

    const other = deskSocket(third.url, cookie);
    await once(other, 'message');
    const resumed: { type: string }[] = [];
    other.on('message', (data) => resumed.push(JSON.parse(String(data))));
    other.send(JSON.stringify({ type: 'resume', ref: 'r', seq: messages[0]?.seq ?? 0 }));
    await vi.waitFor(() => expect(resumed.some(({ type }) => type === 'ok')).toBe(true), 10_000);
    expect(resumed.some(({ type }) => type === 'update')).toBe(true);
    other.terminate();
  });

  it('hands a connection over at once when its holder stops', { timeout: 120_000 }, async () => {
    const first = await leader();
    const before = await holder();
    const stopping = first.gateway.stop();
    await vi.waitFor(async () => expect((await holder()).epoch).toBeGreaterThan(before.epoch), {
      timeout: 30_000,
      interval: 20,
    });
    await stopping;
    first.gateway.start();
    await first.gateway.ready();
  });

  it('starts while the database is unavailable, answers callers, and is ready once it is back', {
    timeout: 150_000,
  }, async () => {
    const [instance] = instances as [Instance];
    await instance.gateway.stop();
    instance.wire.cut();
    instance.gateway.start();
    const question = {
      channel: 'PJSIP/trunk-1',
      uniqueid: '1.1',
      callerNumber: '79161112233',
      callerName: '',
      did,
      tried: [],
    };
    await vi.waitFor(
      async () => {
        const answer = await askRoute({ ...question, port: instance.agiPort });
        expect(answer.get('PATCHBAY_DIAL')).toMatch(/^PJSIP\/1\d\d$/);
      },
      { timeout: 60_000, interval: 100 },
    );
    const health = await vi.waitFor(() => fetch(`${instance.url}/health/ready`), { timeout: 20_000, interval: 100 });
    expect(health.status).toBe(503);
    instance.wire.mend();
    await instance.gateway.ready();
    // Writes rejected in the meantime count for ten seconds.
    await vi.waitFor(async () => expect((await fetch(`${instance.url}/health/ready`)).status).toBe(200), {
      timeout: 60_000,
      interval: 100,
    });
  });

  it('loses and duplicates nothing while instances, networks, database and Redis fail', {
    timeout: 600_000,
  }, async () => {
    const lane = async () => {
      while (!streaming.signal.aborted) {
        const target = instances[Math.floor(random() * instances.length)] as Instance;
        await play(target.agiPort, random() < 0.75);
        await sleep(random() * 300, streaming.signal);
      }
    };
    const cookie = await logIn((await leader()).url, 'a');
    const streamed = Promise.all([
      ...Array.from({ length: 4 }, lane),
      streams.run(instances, cookie, streaming.signal),
    ]);
    const takeOvers: string[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const kind = (['kill holder', 'kill any', 'cut holder', 'restart'] as const)[round % 4];
      const before = await holder();
      const since = Date.now();
      const victim = kind === 'kill any' ? (instances[Math.floor(random() * 3)] as Instance) : await leader();
      const taken = async () => {
        await vi
          .waitFor(async () => expect((await holder()).epoch).toBeGreaterThan(before.epoch), {
            timeout: 60_000,
            interval: 100,
          })
          .catch(describeFailure(`${kind} in round ${round}: nobody took over`));
        takeOvers.push(`${kind}: ${Date.now() - since} ms`);
      };
      if (kind === 'restart') {
        await redis.ask('FLUSHALL');
        server.restart();
      } else if (kind === 'cut holder') {
        victim.wire.cut();
        redis.freeze();
        await taken();
        await sleep(random() * 3000);
        redis.thaw();
        victim.wire.mend();
      } else {
        await victim.gateway.kill();
        if (kind === 'kill any') await redis.kill();
        else await taken();
        victim.gateway.start();
        if (kind === 'kill any') await redis.start();
      }
      await sleep(500 + random() * 1500);
    }
    await Promise.all(instances.map(({ gateway }) => gateway.ready()));
    await leader();
    streaming.abort();
    await streamed;

    const kept = await vi.waitFor(
      async () => {
        const rows = await ask<{ body: string }>(database, 'SELECT body FROM interactions');
        const all = rows.map(({ body }) => JSON.parse(body) as Interaction);
        expect(all.filter((one) => one.endedAt === null)).toEqual([]);
        expect(all.length).toBeGreaterThanOrEqual(played.length + streams.sent.length);
        for (const one of all) expect(crm.interactions.get(one.id)?.revision).toBe(one.revision);
        return all;
      },
      { timeout: 120_000, interval: 500 },
    );
    for (const { url } of instances)
      expect(await (await fetch(`${url}/metrics`)).text()).toMatch(/^patchbay_queue_up 1$/m);
    // BullMQ records its events, and Redis has lost those from before the last fault, so these came through it since.
    expect(await redis.ask('XLEN', 'patchbay:delivery-crm:events')).not.toMatch(/^:0\r/);
    expect(streams.kept(kept)).toEqual(streams.sent);
    // Each answer written at the desk was sent under one id, however often its instance died meanwhile.
    const answers = await vi.waitFor(
      () => {
        const found = [...streams.answers.values()].flatMap((texts) => [...texts]).sort();
        expect(found).toEqual(streams.written);
        return streams.answers;
      },
      { timeout: 60_000, interval: 200 },
    );
    expect([...answers.values()].filter((texts) => texts.size !== 1)).toEqual([]);
    const calls = kept.filter(({ channel }) => channel === 'call');
    const phones = calls.filter((one) => one.mergedInto === null).map((one) => one.party.phone);
    expect([...phones].sort()).toEqual(played.map((call) => `+${call.from}`).sort());
    expect([crm.interactions.size, crm.refused, crm.reused]).toEqual([kept.length, 0, 0]);
    const states = new Map(calls.map((one) => [one.party.phone, one.state]));
    for (const call of played) {
      const truth = call.answeredBy === null ? 'missed' : 'answered';
      expect([call.from, states.get(`+${call.from}`)]).toEqual([call.from, truth]);
    }
    // Fencing as seen by the store: the instance that wrote a call, letter or update held the connection in the same transaction.
    const audit = await ask<{ connection: string; instance: string; holder: string }>(
      database,
      `SELECT connection, instance, holder, count(*)::int AS n FROM writes_seen
       WHERE what IN ('call', 'call record') OR revision = 1 AND connection IN ('sales', 'bot') GROUP BY 1, 2, 3`,
    );
    // Each round takes the PBX from its holder; with few rounds, the others may stay where they are.
    const holders = (connection: string) => audit.filter((row) => row.connection === connection).length;
    expect(holders('pbx')).toBeGreaterThan(1);
    expect(Math.min(holders('sales'), holders('bot'))).toBeGreaterThan(0);
    expect(audit.filter((row) => row.instance !== row.holder)).toEqual([]);
    const { epoch } = await holder();
    console.log(
      `${played.length} calls, ${streams.sent.length} letters, forms and messages, ${epoch} holders, ${crm.repeats} repeated deliveries; take-over ${takeOvers.join(', ')}`,
    );
  });
});
