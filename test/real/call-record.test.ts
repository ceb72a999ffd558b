import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { stringify } from 'yaml';
import { hashToken } from '../../src/api/cookie.ts';
import { moduleSchemas } from '../../src/cli/context.ts';
import { parseConfig } from '../../src/config/load.ts';
import { CelTeller } from '../../src/connectors/asterisk/record/cel/teller.ts';
import type { RecordSource } from '../../src/connectors/asterisk/record/source.ts';
import { celTable, recordSource } from '../../src/connectors/asterisk/record/sources.ts';
import type { AsteriskConfig } from '../../src/connectors/asterisk/schema.ts';
import type { CallSnapshot } from '../../src/domain/interaction/contact-event.ts';
import type { Interaction } from '../../src/domain/interaction/interaction.ts';
import { type Patchbay, startPatchbay } from '../../src/main.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { createLogger } from '../../src/runtime/log.ts';
import { sleep } from '../../src/runtime/sleep.ts';
import { asteriskConfig } from '../support/asterisk-config.ts';
import { RecordRun, recordRules } from '../support/call-records.ts';
import { type PostgresServer, startPostgres } from '../support/postgres-server.ts';
import { queueUrl, storeUrl } from '../support/test-store.ts';
import { Asterisk } from './lab/asterisk.ts';
import { freepbxDatabase, postgresTables, recordBackends } from './lab/call-tables.ts';
import { dids } from './lab/config.ts';
import type { Flow, FlowStory } from './lab/flow.ts';
import { basicFlows } from './lab/flows-basic.ts';
import { moreFlows } from './lab/flows-more.ts';
import { transferFlows } from './lab/flows-transfer.ts';
import { MariaDb } from './lab/mariadb.ts';
import { SippOffice } from './lab/sipp.ts';

/** The calls of the gap, of which the record tells another one each. */
const flows = [
  'inbound-answered',
  'inbound-busy',
  'inbound-withheld',
  'inbound-hunt',
  'outbound-answered',
  'outbound-busy',
  'internal-answered',
  'group-answered',
  'group-mobile',
  'queue-answered',
  'queue-abandoned',
  'voicemail',
  'ivr-abandoned',
  'transfer-blind',
  'transfer-attended',
  'pickup',
  'click-to-call-local',
];
const allFlows: Readonly<Record<string, Flow>> = { ...basicFlows, ...transferFlows, ...moreFlows };
/** The transfers that only the `cel` table has. */
const transfers: Readonly<Record<string, string>> = {
  'transfer-blind': 'blind',
  'transfer-attended': 'attended',
  pickup: 'pickup',
};
/** Callers of this test's own calls. */
const [endsUnseen, seen] = ['79990004001', '79990004002'];

interface Played {
  readonly name: string;
  readonly story: FlowStory;
  readonly from: number;
  readonly to: number;
  /** Seconds of the talk by SIPp, if one outside call was made. */
  readonly talkSeconds: number | null;
}

/**
 * Asterisk 22 writes its record into MariaDB with FreePBX's table (cdr_adaptive_odbc), PostgreSQL, SQLite and Master.csv at once.
 * The gateway reads the first, and misses calls.
 */
describe('calls in a gap of the gateway, by the record of Asterisk 22 in MariaDB', () => {
  const directory = mkdtempSync(join(tmpdir(), 'patchbay-record-'));
  const mariadb = new MariaDb();
  const logged: string[] = [];
  const runs = new Map<string, RecordRun>();
  const played: Played[] = [];
  let postgres: PostgresServer;
  let postgresUrl: URL;
  let pbx: Asterisk;
  let office: SippOffice;
  let patchbay: Patchbay | null = null;

  beforeAll(async () => {
    await mariadb.create();
    await mariadb.query(freepbxDatabase);
    postgres = await startPostgres();
    postgresUrl = new URL(postgres.database('calls'));
    execFileSync('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', postgresUrl.href], { input: postgresTables });
    pbx = new Asterisk({ version: '22', extra: recordBackends(mariadb.port, postgresUrl) });
    await pbx.start();
    for (const [name, cdr] of Object.entries(sources())) {
      const context = { clock: systemClock, signal: new AbortController().signal };
      const settings = { cdr, timezone: 'UTC', charset: 'auto' } as const;
      const source = () => recordSource(settings, context) as RecordSource;
      const cel = celTable(settings);
      runs.set(name, new RecordRun(source, recordRules(lab), cel && new CelTeller(cel, recordRules(lab))));
    }
  });

  afterAll(async () => {
    await patchbay?.stop();
    await office?.stopAll();
    await pbx?.dispose();
    await mariadb.dispose();
    postgres?.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  const lab = { extensions: '^\\d{3}$', trunks: ['trunk'] };
  const mysql = () => ({ port: mariadb.port, username: 'patchbay', password: 'read' });

  /** Every place of the same record, for a user that may only read. */
  function sources(): Readonly<Record<string, NonNullable<AsteriskConfig['cdr']>>> {
    const server = { port: Number(postgresUrl.port), database: 'calls', username: 'patchbay', password: 'read' };
    const settings = {
      csv: { csv: pbx.cdrFile, utc: true },
      mysql: { mysql: mysql() },
      postgres: { postgres: server },
      sqlite: { sqlite: { path: join(pbx.dir, 'log/master.db') } },
      'mysql with cel': { mysql: { ...mysql(), cel: 'cel' } },
      'postgres with cel': { postgres: { ...server, cel: 'cel' } },
      'sqlite with cel': { sqlite: { path: join(pbx.dir, 'log/master.db'), cel: 'cel' } },
    };
    return Object.fromEntries(
      Object.entries(settings).map(([name, cdr]) => {
        const { cdr: filled } = asteriskConfig({ cdr } as never);
        return [name, filled as NonNullable<typeof filled>];
      }),
    );
  }

  async function start(): Promise<void> {
    const text = stringify({
      http: { port: 0 },
      store: { url: storeUrl(join(directory, 'record.db')) },
      queue: { url: queueUrl() },
      managers: ['101', '102', '103'].map((number) => ({ id: `m${number}`, name: number, extensions: [number] })),
      lines: Object.entries(dids).map(([id, address]) => ({ id, channel: 'call', address, label: id })),
      routing: { fallback: 'default' },
      connectors: {
        pbx: {
          kind: 'asterisk',
          timezone: 'UTC',
          ami: { host: '127.0.0.1', port: pbx.amiPort, username: 'lab', secret: 'lab-secret' },
          ...lab,
          recordings: { dir: pbx.monitorDir },
          cdr: { mysql: { ...mysql(), cel: 'cel' } },
        },
      },
    });
    const destination = new Writable({
      write(chunk, _encoding, done) {
        logged.push(String(chunk));
        done();
      },
    });
    patchbay = await startPatchbay(
      parseConfig(text, 'record.yaml', moduleSchemas, {}),
      createLogger({ level: 'info', destination }),
    );
    const tokenHash = hashToken('admin-of-the-test');
    const token = { name: 'the test', role: 'admin', tokenHash, createdAt: Date.now() } as const;
    await patchbay.store.apply([{ op: 'put-token', token }]);
  }

  async function stop(): Promise<void> {
    await patchbay?.stop();
    patchbay = null;
  }

  /** Waits until the connection has this health; returns its reason. */
  async function health(wanted: string, timeout = 20_000): Promise<string | null> {
    return vi.waitFor(
      async () => {
        const headers = { authorization: 'Bearer admin-of-the-test' };
        const answer = await fetch(`${patchbay?.url}/api/v1/connections`, { headers });
        const { items } = (await answer.json()) as { items: { health: string; reason: string | null }[] };
        expect(items[0]?.health).toBe(wanted);
        return items[0]?.reason ?? null;
      },
      { timeout, interval: 100 },
    );
  }

  async function interactions(): Promise<readonly Interaction[]> {
    const { items } = await (patchbay as Patchbay).store.read.interactions({ limit: 200, cursor: null });
    return items.filter((one) => one.mergedInto === null).reverse();
  }

  async function play(name: string): Promise<void> {
    office = new SippOffice(pbx);
    // The table has seconds: calls that begin in different ones keep their order.
    await sleep(1100);
    const from = Date.now();
    const story = await (allFlows[name] as Flow)({ pbx, office, since: pbx.ami.events.length });
    await pbx.idle(40_000);
    const outside = office.started
      .filter((sipp) => sipp.name === (story.direction === 'inbound' ? 'caller' : 'trunk'))
      .flatMap((sipp) => sipp.calls);
    const talkSeconds = outside.length === 1 ? (outside[0]?.talkSeconds ?? null) : null;
    played.push({ name, story, from, to: Date.now(), talkSeconds });
    await office.stopAll();
  }

  it('plays calls while no gateway runs', { timeout: 240_000 }, async () => {
    for (const run of runs.values()) await run.read();
    await start();
    await health('ready');
    office = new SippOffice(pbx);
    await office.phone('101', { kind: 'answer', afterMs: 300 });
    const complete = await office.callIn({ from: seen, to: dids.direct, hangUpAfterMs: 1000 });
    await complete.done();
    const broken = await office.callIn({ from: endsUnseen, to: dids.direct, hangUpAfterMs: 5000 });
    await vi.waitFor(async () => expect((await interactions()).some((one) => one.state === 'talking')).toBe(true), {
      timeout: 10_000,
      interval: 50,
    });
    await stop();
    await broken.done();
    await office.stopAll();
    await pbx.idle();
    for (const name of flows) await play(name);
    // Asterisk writes a row after the call has ended, into one backend after the other.
    const rows = () => readFileSync(pbx.cdrFile, 'utf8').trimEnd().split('\n').length;
    const events = () => {
      const database = new Database(join(pbx.dir, 'log/master.db'), { readonly: true });
      const count = database.prepare('SELECT count(*) FROM cel').pluck().get();
      database.close();
      return count;
    };
    const written = async () => [await mariadb.count('asteriskcdrdb.cdr'), await mariadb.count('asteriskcdrdb.cel')];
    await vi.waitFor(async () => expect(await written()).toEqual([rows(), events()]), {
      timeout: 20_000,
      interval: 100,
    });
  });

  it('reports the gap while the database is lost, and recovers it afterwards', { timeout: 150_000 }, async () => {
    await mariadb.stop();
    await start();
    const gapReason = await health('degraded');
    expect(gapReason).toMatch(
      /^calls from \d{4}-\d\d-\d\dT[\d:.]+Z to \d{4}-\d\d-\d\dT[\d:.]+Z were not seen.*MySQL at 127\.0\.0\.1:\d+: /,
    );
    await mariadb.start();
    expect(await health('ready', 90_000)).toBeNull();
    const gap = logged.map((line) => JSON.parse(line)).find(({ msg }) => msg.includes('the record was read'));
    expect(Date.parse(gap.from)).toBeLessThanOrEqual(played[0]?.from ?? 0);
    expect(Date.parse(gap.to)).toBeGreaterThanOrEqual(played.at(-1)?.to ?? 0);
  });

  it('has each call of the gap as it was', async () => {
    const all = await vi.waitFor(
      async () => {
        const found = await interactions();
        expect(found.map((one) => one.endedAt)).not.toContain(null);
        expect(found).toHaveLength(flows.length + 2);
        return found;
      },
      { timeout: 20_000, interval: 200 },
    );
    expect(all.find((one) => one.party.raw === seen)).toMatchObject({ state: 'answered', reconstructed: false });
    const closed = all.find((one) => one.party.raw === endsUnseen);
    expect(closed).toMatchObject({ state: 'answered', handledBy: { id: 'm101' }, reconstructed: true });
    expect(Math.abs((closed?.talkSeconds ?? 0) - 5)).toBeLessThanOrEqual(1);
    const missed = all.filter(({ party }) => party.raw !== seen && party.raw !== endsUnseen);
    const inOrder = missed.toSorted((a, b) => a.startedAt.localeCompare(b.startedAt));
    for (const [i, { name, story, from, talkSeconds }] of played.entries()) {
      const call = inOrder[i];
      expect(Math.abs(Date.parse(call?.startedAt ?? '') - from), `start of ${name}`).toBeLessThanOrEqual(5000);
      expect(call, name).toMatchObject({ direction: story.direction, state: story.state, reconstructed: true });
      const talked = call?.legs.filter((leg) => ['extension', 'mobile'].includes(leg.kind) && leg.talkedAt !== null);
      expect([...new Set(talked?.map((leg) => leg.extension ?? leg.phone))].sort(), name).toEqual(
        [...new Set(story.talked)].sort(),
      );
      if (story.direction === 'inbound') {
        expect(call?.party.withheld ? 'withheld' : call?.party.raw, name).toBe(story.from);
        expect([undefined, story.to], name).toContain(call?.line?.address);
      }
      if (talkSeconds !== null && /^(inbound|outbound|group)-/.test(name))
        expect(Math.abs((call?.talkSeconds ?? -9) - talkSeconds), `talk of ${name}`).toBeLessThanOrEqual(1);
      const [transfer] = call?.transfers ?? [];
      expect([name, transfer?.kind, transfer?.outcome]).toEqual([name, transfers[name], transfers[name] && 'done']);
    }
  });

  it('has the recording of a call of the gap', async () => {
    const recorded = async () => {
      const found = (await interactions()).filter((one) => one.reconstructed && one.party.raw !== endsUnseen);
      return found.find((one) => one.direction === 'outbound' && one.state === 'answered')?.recordings;
    };
    await vi.waitFor(async () => expect(await recorded()).toMatchObject([{ state: 'ready', mime: 'audio/wav' }]), {
      timeout: 20_000,
      interval: 200,
    });
  });

  it('says the same by the cel tables of MariaDB, PostgreSQL and SQLite', async () => {
    for (const run of runs.values()) await run.read();
    const told = (name: string) => runs.get(`${name} with cel`)?.calls.map(withoutTimes).sort();
    expect(told('sqlite')?.length).toBeGreaterThanOrEqual(flows.length + 2);
    for (const name of ['mysql', 'postgres']) expect(told(name), name).toEqual(told('sqlite'));
  });

  it('says the same from MariaDB, PostgreSQL, SQLite and Master.csv', async () => {
    for (const run of runs.values()) await run.read();
    const byName = new Map([...runs].map(([name, { calls }]) => [name, calls.map(withoutTimes).sort()]));
    expect(byName.get('csv')).toHaveLength(flows.length + 2);
    for (const name of ['mysql', 'postgres', 'sqlite']) expect(byName.get(name), name).toEqual(byName.get('csv'));
    for (const name of ['mysql', 'postgres', 'sqlite']) {
      for (const call of runs.get(name)?.calls ?? []) {
        const other = runs.get('csv')?.calls.find(({ key }) => key === call.key);
        expect(Math.abs(call.startedAt - (other?.startedAt ?? 0))).toBeLessThanOrEqual(1000);
        expect(Math.abs((call.endedAt ?? 0) - (other?.endedAt ?? 0))).toBeLessThanOrEqual(1000);
      }
    }
  });
});

/** A call without its times, which tables round to seconds in different ways, and recordings, which only FreePBX's names. */
function withoutTimes(call: CallSnapshot): string {
  const { startedAt: _, endedAt: __, recordings: ___, legs, transfers, ...rest } = call;
  const ends = legs.map(({ kind, extension, phone, outcome, talkedAt }) =>
    [kind, extension, phone, outcome, talkedAt !== null].join(' '),
  );
  const moves = transfers.map(({ at: _at, ...transfer }) => transfer);
  return JSON.stringify({ ...rest, aliases: [...call.aliases].sort(), legs: ends.sort(), transfers: moves });
}
