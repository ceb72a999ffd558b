import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { eventKey, type InteractionId, newInteractionId } from '../../src/domain/base/ids.ts';
import type { DeliveryOutcome, Owed } from '../../src/domain/delivery/delivery.ts';
import { type News, type Store, StoreUnavailableError } from '../../src/domain/ports/store.ts';
import type { Write } from '../../src/domain/ports/writes.ts';
import { stepsUnder } from '../../src/intake/steps/carry-out.ts';
import { type Connection, connect, connectWithoutTimeLimits } from '../../src/store/postgres/connect.ts';
import { migrate } from '../../src/store/postgres/migrate.ts';
import { ensurePartition, makeMonthReady } from '../../src/store/postgres/partitions.ts';
import { openPostgres } from '../../src/store/postgres/store.ts';
import { describeAccountLinks } from '../store/account-links-conformance.ts';
import { describeAnswerTimes } from '../store/answer-times-conformance.ts';
import { describeAskedLines } from '../store/asked-line-conformance.ts';
import { describeAutomaticCap } from '../store/automatic-cap-conformance.ts';
import { describeStore } from '../store/conformance.ts';
import { describeConversations } from '../store/conversations-conformance.ts';
import { describeDirectory } from '../store/directory-conformance.ts';
import { describeDomains } from '../store/domains-conformance.ts';
import { describeEarlyAnswers } from '../store/early-answers-conformance.ts';
import { describeFollowUps } from '../store/follow-ups-conformance.ts';
import { describeLastTalks } from '../store/last-talks-conformance.ts';
import { describeMessageHistory } from '../store/message-history-conformance.ts';
import { describeNumberHolds } from '../store/number-holds-conformance.ts';
import { expectOlderRows, expectRowsWithoutCodes, olderRows, rowsWithoutCodes } from '../store/older-rows.ts';
import { describeParticipants } from '../store/participants-conformance.ts';
import { describePostponed } from '../store/postponed-conformance.ts';
import { describeRetention, meeting } from '../store/retention-conformance.ts';
import { describeSearch } from '../store/search-conformance.ts';
import { describeSubjectThreads } from '../store/subject-threads-conformance.ts';
import { describeSuggestions } from '../store/suggestions-conformance.ts';
import { describeUnanswered } from '../store/unanswered-conformance.ts';
import { describeUndeliverable } from '../store/undeliverable-conformance.ts';
import { describeViews } from '../store/views-conformance.ts';
import { describeWritten } from '../store/written-conformance.ts';
import { call, client, endedCall, manager } from '../support/calls.ts';
import { cutAtCommit } from '../support/cut-wire.ts';
import { heldAtListen } from '../support/held-at-listen.ts';
import { type PostgresServer, startPostgres } from '../support/postgres-server.ts';
import { because } from '../support/written.ts';

let server: PostgresServer;
let directory: string;
let serial = 0;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'patchbay-snapshots-'));
  server = await startPostgres();
}, 60_000);

afterAll(() => {
  server.stop();
  rmSync(directory, { recursive: true, force: true });
});

function open(url = server.database(), more: { readonly publicMail?: readonly string[] } = {}) {
  serial += 1;
  const settings = { country: 'RU', publicUrl: 'http://pb', ...more };
  return openPostgres({ url, snapshot: join(directory, `${serial}.db`), ...settings, carryOut: stepsUnder(settings) });
}

describeStore('postgres', () => open());
describeFollowUps('postgres', () => open());
describeConversations('postgres', () => open());
describeUnanswered('postgres', () => open());
describeViews('postgres', () => open());
describeDirectory('postgres', () => open());
describeAskedLines('postgres', () => open());
describeNumberHolds('postgres', () => open());
describeLastTalks('postgres', () => open());
describeMessageHistory('postgres', () => open());
describeWritten('postgres', () => open());
describeAnswerTimes('postgres', () => open());
describeAutomaticCap('postgres', () => open());
describePostponed('postgres', () => open());
describeEarlyAnswers('postgres', () => open());
describeAccountLinks('postgres', () => open());
describeDomains('postgres', (more) => open(server.database(), more));
describeSearch('postgres', () => open());
describeSubjectThreads('postgres', () => open());
describeParticipants('postgres', () => open());
describeUndeliverable('postgres', () => open());
describeRetention('postgres', () => open());
describeSuggestions('postgres', () => open());

describe('PostgreSQL during faults', () => {
  it('migrates the database of an older version with all its data', async () => {
    const url = server.database();
    const connection = await connect(url, () => undefined);
    await migrate(connection, { upTo: 2 });
    await ensurePartition(connection, Date.parse('2026-01-12T09:00:00Z'));
    for (const { sql, values } of olderRows) await connection.query(sql, [...values]);
    await connection.end();
    const store = await open(url);
    await expectOlderRows(store);
    await store.close();
  });

  it('still reads rows written before reasons had codes', async () => {
    const url = server.database();
    const connection = await connect(url, () => undefined);
    await migrate(connection, { upTo: 18 });
    await ensurePartition(connection, Date.parse('2026-01-12T09:00:00Z'));
    for (const { sql, values } of rowsWithoutCodes) await connection.query(sql, [...values]);
    await connection.end();
    const store = await open(url);
    await expectRowsWithoutCodes(store);
    await store.close();
  });

  it('detaches expired months as tables, including those that an earlier run left half done', async () => {
    const url = server.database();
    const store = await open(url);
    const record = (month: number): Write => {
      const at = Date.UTC(2025, month, 15);
      return {
        op: 'record',
        id: newInteractionId(at),
        key: eventKey('t', `${month}`),
        interaction: meeting,
        by: { id: 'a', name: 'A' },
        at,
      };
    };
    await store.apply([0, 1, 2, 3].map(record));
    const connection = await connect(url, () => undefined);
    const tables = async () =>
      (
        await connection.query<{ name: string }>(
          "SELECT relname AS name FROM pg_class WHERE relname LIKE 'interactions\\_2%' AND relkind = 'r' ORDER BY 1",
        )
      ).rows.map(({ name }) => name);
    // Detached but not renamed; and half detached, as a server that stopped in between leaves it.
    await connection.query('ALTER TABLE interactions DETACH PARTITION interactions_2025_01');
    await connection.query(
      "UPDATE pg_inherits SET inhdetachpending = true WHERE inhrelid = 'interactions_2025_02'::regclass",
    );
    const { signal } = new AbortController();
    const now = Date.UTC(2025, 4, 20);
    const kept = await store.housekeep({ now, keepFrom: Date.UTC(2025, 3, 1), keepDetached: true, signal });
    expect(kept.interactions).toBe(3);
    const gone = [1, 2, 3].map((month) => `interactions_2025_0${month}_detached`);
    const there = await tables();
    // This month and the next.
    expect(there).toEqual(
      expect.arrayContaining([...gone, 'interactions_2025_04', 'interactions_2025_05', 'interactions_2025_06']),
    );
    expect((await connection.query('SELECT body FROM interactions_2025_02_detached')).rows).toHaveLength(1);
    expect((await store.read.interactions({ limit: 9, cursor: null })).items).toHaveLength(1);
    await store.housekeep({ now, keepFrom: Date.UTC(2025, 4, 1), keepDetached: false, signal });
    expect((await tables()).filter((name) => name.startsWith('interactions_2025_04'))).toEqual([]);
    expect((await store.read.interactions({ limit: 9, cursor: null })).items).toEqual([]);
    await connection.end();
    await store.close();
  });

  it('is soon rid of a housekeeper that is cut off while nobody else can commit', async () => {
    const url = server.database();
    const store = await open(url);
    const db = await connectWithoutTimeLimits(url);
    const limits: unknown[] = [];
    const query = async (text: string, values?: string[]) => {
      const answer = await db.query(text, values);
      if (text.includes('pg_advisory_xact_lock'))
        limits.push((await db.query('SHOW idle_in_transaction_session_timeout')).rows[0]);
      return answer;
    };
    await makeMonthReady({ query } as Connection, Date.UTC(2031, 0, 15));
    expect(limits).toEqual([{ idle_in_transaction_session_timeout: '5s' }]);
    await db.end();
    await store.close();
  });

  it('stores a call written by two instances at once as one interaction', async () => {
    const url = server.database();
    const [one, two] = await Promise.all([open(url), open(url)]);
    const ids = Array.from({ length: 40 }, (_, i) => String(i));
    await Promise.all(
      [one, two].flatMap((store) => ids.map((id) => store.apply([{ op: 'contact', event: call(id) }]))),
    );
    expect((await one.read.interactions({ limit: 200, cursor: null })).items).toHaveLength(40);
    await Promise.all([one.close(), two.close()]);
  });

  it('loses and duplicates nothing over a server crash, and answers routing meanwhile', async () => {
    const store = await open();
    const phone = '+79161234567';
    await store.apply([{ op: 'put-clients', clients: [client('c1', [phone])], at: 1 }]);
    await store.apply([{ op: 'contact', event: call('1') }]);
    server.restart();
    expect(store.directory.hits({ kind: 'phone', value: phone })).toHaveLength(1);
    const again = () => store.apply([{ op: 'contact', event: endedCall('1') }]);
    const [result] = await again().catch(again);
    expect(result?.ok).toBe(true);
    expect((await store.read.interactions({ limit: 10, cursor: null })).items).toMatchObject([{ state: 'answered' }]);
    await store.close();
  });
});

describe('several instances on one PostgreSQL', () => {
  let url: string;
  let one: Store;
  let two: Store;

  beforeEach(async () => {
    url = server.database();
    [one, two] = await Promise.all([open(url), open(url)]);
    await one.apply([
      { op: 'staff', staff: { managers: [manager('a', '101')], lines: [] }, at: 1 },
      { op: 'destinations', names: ['crm'], at: 1 },
    ]);
  });

  afterEach(async () => {
    await Promise.all([one.close(), two.close()]);
  });

  /** Collects the news of `store` until one matches. */
  function news(store: Store, wanted: (news: News) => boolean): Promise<readonly News[]> {
    const received: News[] = [];
    return new Promise((resolve) =>
      store.onNews((one) => {
        received.push(one);
        if (wanted(one)) resolve(received);
      }),
    );
  }

  it('tells the other instance of a command at once, as its connection may be the one that has the call', async () => {
    const told = news(two, ({ commands }) => commands);
    const [written] = await one.apply([{ op: 'contact', event: call('1') }]);
    const id = written?.ok === true ? written.changes[0]?.interaction.id : undefined;
    const command = { action: 'hang_up', interaction: id as InteractionId, end: null } as const;
    const queued = { command, to: null, own: null, manager: 'm1', expiresAt: Date.now() + 8000, at: Date.now() };
    expect(await one.apply([{ op: 'command', id: newInteractionId(Date.now()), ...queued }])).toMatchObject([
      { ok: true },
    ]);
    await told;
    expect(await two.read.outboundDue('pbx', Date.now() + 1, 10)).toMatchObject([
      { content: { command: { action: 'hang_up' } } },
    ]);
  });

  it('notifies each instance of the other’s commits, in order, but not of its own', async () => {
    const own: News[] = [];
    one.onNews((received) => own.push(received));
    const ended = news(two, ({ changes }) => changes.some((change) => change.interaction.state === 'answered'));
    const results = await one.apply([
      { op: 'contact', event: call('1') },
      { op: 'contact', event: call('2') },
      { op: 'contact', event: endedCall('2') },
    ]);
    const committed = results.flatMap((result) => (result.ok ? result.changes : []));
    const received = (await ended).flatMap(({ changes }) => changes);
    expect(received.flatMap(({ desk }) => desk.map(({ seq }) => seq))).toEqual([1, 2, 3]);
    expect(received.at(-1)?.interaction).toEqual(committed.at(-1)?.interaction);
    // The second call had already ended when it was read, so it does not pop up.
    expect(received.map(({ desk }) => desk[0]?.kind)).toEqual(['pop', 'update', 'update']);
    expect(own).toEqual([]);
  });

  it('reports what was committed between opening a store and its first read', async () => {
    const wire = await heldAtListen(url);
    const late = await open(wire.url);
    const received = news(late, ({ changes }) => changes.length > 0);
    await wire.waiting;
    await one.apply([{ op: 'contact', event: call('1') }]);
    wire.letGo();
    expect((await received).flatMap(({ changes }) => changes)).toHaveLength(1);
    await late.close();
    wire.close();
  });

  it('gives each instance the managers, leads, device states and turns that the other wrote', async () => {
    const [interaction] = (await two.apply([{ op: 'contact', event: call('1', { startedAt: Date.now() }) }])).flatMap(
      (result) => (result.ok ? result.changes : []),
    );
    expect(interaction?.interaction.legs[0]?.manager?.id).toBe('a');
    const lead = news(one, ({ followUps }) => followUps.some(({ kind }) => kind === 'lead'));
    await two.apply([{ op: 'contact', event: endedCall('2', { startedAt: Date.now() }) }]);
    await lead;
    const received = news(one, ({ turns }) => turns.sales === 'a');
    await two.apply([
      { op: 'devices', reports: [{ connection: 'pbx', extension: '101', state: 'in_use' }] },
      {
        op: 'routed',
        call: eventKey('pbx', '3'),
        route: { decision: 'group', to: '101', trace: [] },
        responsible: null,
        turn: { group: 'sales', manager: 'a' },
        at: Date.now(),
      },
    ]);
    expect((await received).flatMap(({ devices }) => devices)).toEqual([
      { connection: 'pbx', extension: '101', state: 'in_use' },
    ]);
  });

  it('catches up on missed notifications after its connections were cut', async () => {
    await two.apply([{ op: 'contact', event: call('1') }]);
    const received = news(one, ({ changes }) => changes.some((change) => change.interaction.state === 'answered'));
    const admin = new pg.Client(url);
    await admin.connect();
    await admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()');
    await admin.end();
    const again = () => two.apply([{ op: 'contact', event: endedCall('1') }]);
    await again().catch(again);
    const revisions = (await received).flatMap(({ changes }) => changes.map(({ interaction }) => interaction.revision));
    expect(revisions.at(-1)).toBe(2);
  });

  it('applies a write once when it is repeated after a commit whose answer was lost', async () => {
    const [created] = (await one.apply([{ op: 'contact', event: endedCall('1') }])).flatMap((result) =>
      result.ok ? result.changes : [],
    );
    const id = created?.interaction.id as InteractionId;
    await one.close();
    for (const lost of ['request', 'answer'] as const) {
      const wire = await cutAtCommit(url, lost);
      const cut = await open(wire.url);
      const results = await cut.apply([
        { op: 'decide', id, ifRevision: null, by: { id: 'a', name: 'A' }, decision: { note: lost }, at: 1 },
      ]);
      expect([wire.cuts, results[0]?.ok]).toEqual([1, true]);
      await cut.close();
      wire.close();
    }
    const kept = await two.read.interaction(id);
    expect(kept?.notes.map((note) => note.text)).toEqual(['request', 'answer']);
  });

  it('rejects for good only what is invalid itself, and asks for a retry when the database is at fault', async () => {
    const admin = new pg.Client(url);
    await admin.connect();
    const fail = (state: string) =>
      admin.query(`CREATE OR REPLACE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        RAISE EXCEPTION 'failed' USING ERRCODE = '${state}'; END $$;
        CREATE OR REPLACE TRIGGER fail BEFORE INSERT ON interactions FOR EACH ROW EXECUTE FUNCTION fail()`);
    const contact: Write = { op: 'contact', event: call('1') };
    await fail('22000');
    expect(await one.apply([contact])).toMatchObject([{ ok: false, code: 'invalid' }]);
    // Like a prepared statement from before another instance migrated the schema.
    await fail('0A000');
    await expect(one.apply([contact])).rejects.toThrow(StoreUnavailableError);
    await admin.query('DROP TRIGGER fail ON interactions');
    expect(await one.apply([contact])).toMatchObject([{ ok: true }]);
    await admin.end();
  });

  it('rejects writes under a lease that another instance has taken since', async () => {
    const lease = 'connection:pbx';
    expect(await one.leases.take(lease, 1, false)).toBe(1);
    const under = (epoch: number): Write => ({ op: 'contact', event: call('1'), fence: { lease, epoch } });
    expect((await one.apply([under(1)]))[0]?.ok).toBe(true);
    expect(await two.leases.take(lease, 60_000, true)).toBeNull();
    await vi.waitFor(async () => expect(await two.leases.take(lease, 60_000, false)).toBe(2), 20_000);
    const results = await one.apply([under(1), { op: 'contact', event: call('2') }]);
    expect(results).toMatchObject([{ ok: false, code: 'fenced' }, { ok: true }]);
    // Releasing a lease held by another has no effect.
    await one.leases.release(lease, 1);
    expect(await one.leases.take(lease, 60_000, false)).toBeNull();
    await two.leases.release(lease, 2);
    expect(await one.leases.take(lease, 60_000, false)).toBe(3);
  });

  it('can renew a lease while all readers are busy, or while its holder is in the middle of a write', async () => {
    const lease = 'connection:pbx';
    expect(await one.leases.take(lease, 60_000, false)).toBe(1);
    const admin = new pg.Client(url);
    await admin.connect();
    await admin.query('BEGIN; LOCK TABLE interactions');
    await admin.query('SELECT FROM leases WHERE name = $1 FOR SHARE', [lease]);
    const readers = Array.from({ length: 8 }, () => one.read.interactions({ limit: 1, cursor: null }));
    expect(await one.leases.take(lease, 60_000, false)).toBe(1);
    expect(await two.leases.take(lease, 60_000, false)).toBeNull();
    await admin.query('COMMIT');
    await admin.end();
    await Promise.all(readers);
  });

  it('gives due work to one of them, and to the other after the claim expires', async () => {
    await one.apply([
      { op: 'contact', event: call('1') },
      { op: 'contact', event: call('2') },
    ]);
    // Calls that ring are urgent.
    const claim = { destination: 'crm', now: Date.now() + 1000, room: 10, held: 0, life: 500, urgent: true };
    const [first, second] = await Promise.all([one.claimOwed(claim), two.claimOwed(claim)]);
    expect(first.length + second.length).toBe(2);
    expect(await two.read.owedDue('crm', claim.now, 10)).toEqual([]);
    const again = await vi.waitFor(async () => {
      const rows = await two.claimOwed({ ...claim, life: 60_000 });
      expect(rows.length).toBeGreaterThan(0);
      return rows;
    }, 20_000);
    // Released claims need not expire first; another's claim cannot be released.
    const ids = again.map(({ id }) => id);
    await one.releaseOwed(ids);
    expect(await one.claimOwed({ ...claim, life: 60_000 })).toEqual([]);
    await two.releaseOwed(ids);
    expect((await two.claimOwed({ ...claim, life: 60_000 })).map(({ id }) => id)).toEqual(ids);
    // An instance that lost its claim may still report success, but no longer a failure.
    const { destination, kind, subject, revision } = again[0] as Owed;
    const end = (outcome: DeliveryOutcome): Write => {
      return { op: 'delivered', destination, kind, subject, revision, outcome, at: Date.now() };
    };
    await one.apply([end({ kind: 'park', reason: because('late') })]);
    expect((await one.read.owed({ limit: 10, cursor: null, state: 'parked' })).items).toEqual([]);
    await one.apply([end({ kind: 'done', link: null })]);
    expect((await one.read.owed({ limit: 10, cursor: null, state: 'done' })).items).toHaveLength(1);
  });
});
