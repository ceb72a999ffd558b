import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { compareCrm } from '../../src/cli/compare/compare.ts';
import { daysOf, periodOf } from '../../src/cli/compare/period.ts';
import { configOf } from '../../src/cli/context.ts';
import { withCores } from '../../src/cli/cores.ts';
import type { InteractionId } from '../../src/domain/base/ids.ts';
import { Intake } from '../../src/intake/intake.ts';
import { TextReader } from '../../src/intake/text-reader.ts';
import { inProcessJobs } from '../../src/runtime/jobs/job.ts';
import { silentLogger } from '../../src/runtime/log.ts';
import { start } from '../crm/bitrix24/portal/start.ts';
import { client } from '../support/calls.ts';
import { storeUrl } from '../support/test-store.ts';
import { letter, writtenTime } from '../support/written.ts';

const from = writtenTime(-3600);
const to = writtenTime(3600);

afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

/** What a command printed since the last time. */
function printed(): () => string {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  return () => {
    const text = write.mock.calls.map(([part]) => String(part)).join('');
    write.mockClear();
    return text;
  };
}

/** A call record of the PBX with one call, which nobody has followed. */
function callRecord(dir: string): string {
  const path = join(dir, 'master.db');
  const database = new Database(path);
  database.exec(
    'CREATE TABLE cdr (calldate, clid, src, dst, channel, dstchannel, duration, billsec, disposition, uniqueid, linkedid)',
  );
  database
    .prepare(
      `INSERT INTO cdr VALUES (?, '', '79161234567', '74951234567', 'PJSIP/trunk-01', 'PJSIP/101-02', 60, 55, 'ANSWERED', '1.0', '1.0')`,
    )
    .run(writtenTime(0).slice(0, 19).replace('T', ' '));
  database.close();
  return path;
}

/** A configuration whose store has two letters of a client: the first was delivered, the second only counts as such. */
async function office() {
  const { portal } = await start();
  const contact = portal.core.cards.CONTACT.add({ NAME: 'Ivan', EMAIL: [{ VALUE: 'ivan@example.com' }] });
  const dir = await mkdtemp(join(tmpdir(), 'patchbay-compare-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  const path = join(dir, 'p.yaml');
  await writeFile(
    path,
    `company: { timezone: Europe/Moscow }
store: { url: "${storeUrl(join(dir, 'p.db'))}" }
blobs: { url: "file:${join(dir, 'blobs')}" }
managers: [ { id: anna, name: Anna, extensions: ["101"] } ]
connectors:
  pbx: { kind: asterisk, timezone: UTC, ami: { host: 127.0.0.1, username: a, secret: b }, cdr: { sqlite: { path: "${callRecord(dir)}" } } }
destinations:
  b24: { kind: bitrix24, webhook: "${portal.webhookUrl(1, 'hook')}", limits: { perSecond: 0 }, timeout: 2 }
  sink: { kind: webhook, url: "https://crm.example", secret: "12345678" }
`,
  );
  /** Delivers what is owed, if it is not only marked as delivered. */
  const deliver = (isTold: (subject: string) => boolean) =>
    withCores(configOf({ config: path }), async (cores, store) => {
      const destination = cores.destinations.find(({ name }) => name === 'b24')?.destination;
      for (const { kind, subject, revision } of await store.read.owedDue('b24', Date.now(), 100)) {
        const interaction = await store.read.interaction(subject as InteractionId);
        if (interaction !== null && isTold(subject))
          await destination?.deliver({ kind: 'interaction', interaction }, AbortSignal.timeout(10_000));
        const outcome = { kind: 'done', link: null } as const;
        await store.apply([{ op: 'delivered', destination: 'b24', kind, subject, revision, outcome, at: Date.now() }]);
      }
    });
  await withCores(configOf({ config: path }), async (_cores, store) => {
    const intake = new Intake(store, silentLogger, new TextReader(inProcessJobs, 'RU'));
    const ivan = {
      ...client(`b24:contact-${contact}`, []),
      identifiers: [{ kind: 'email', value: 'ivan@example.com' } as const],
    };
    await intake.apply([
      { op: 'destinations', names: ['b24'], wants: { b24: ['interaction'] }, at: 1 },
      { op: 'put-clients', clients: [ivan], at: 1 },
    ]);
    await intake.emit(letter('1'));
    await intake.emit(letter('2'));
  });
  const ids = await withCores(configOf({ config: path }), async (_cores, store) =>
    (await store.read.interactions({ limit: 10, cursor: null })).items.map(({ id }) => id).toSorted(),
  );
  await deliver((subject) => subject === ids[0]);
  return { portal, config: path, ids, deliver };
}

describe('patchbay crm compare', () => {
  it('names what is missing, has it delivered again with --repair, and is content afterwards', async () => {
    const { portal, config, ids, deliver } = await office();
    const output = printed();
    await compareCrm('bitrix24', { config, from, to });
    const text = output();
    expect(text).toMatch(/email +2 +2 +1 +0 +0/);
    expect(text).toMatch(/call +1 +0 +0 +0 +0/);
    expect(text).toContain(`missing there: email ${ids[1]} of ${writtenTime(0)}, activity; can be delivered again`);
    expect(text).toContain('--repair repairs');
    expect(process.exitCode).toBe(1);

    await compareCrm('b24', { config, from, to, repair: true });
    expect(output()).toContain('activity; delivered again by the running gateway');
    expect(process.exitCode).toBe(0);
    await compareCrm('b24', { config, from, to });
    expect(output()).toContain(`still due: email ${ids[1]}`);
    expect(process.exitCode).toBe(0);

    await deliver(() => true);
    await compareCrm('b24', { config, from, to, json: true });
    expect(JSON.parse(output())).toMatchObject({
      problem: null,
      days: [{ channels: { email: { source: 2, ours: 2, theirs: 2, waiting: 0 } } }],
      differences: [],
    });
    expect(process.exitCode).toBe(0);
    expect(portal.state.complaints).toEqual([]);
  });

  it('counts as no fault what people there have deleted, until it is to be restored', async () => {
    const { portal, config, deliver } = await office();
    const output = printed();
    await deliver(() => true);
    await compareCrm('b24', { config, from, to, repair: true });
    await deliver(() => true);
    portal.state.activities.clear();
    output();
    await compareCrm('b24', { config, from, to, repair: true });
    expect(output()).toContain('deleted there: email');
    expect([process.exitCode, portal.state.activities.size]).toEqual([0, 0]);
    await compareCrm('b24', { config, from, to, repair: true, restore: true });
    await deliver(() => true);
    expect(portal.state.activities.size).toBe(2);
  });

  it('repairs nothing if the portal does not answer everything', async () => {
    const { portal, config } = await office();
    portal.faults.on('crm.activity.list', '500', { nth: 2, times: 9 });
    const output = printed();
    await compareCrm('b24', { config, from, to, repair: true });
    expect(output()).toContain('b24 did not answer everything, so nothing was repaired:');
    expect(process.exitCode).toBe(1);
    portal.faults.clear();
    await compareCrm('b24', { config, from, to, json: true });
    expect(JSON.parse(output())).toMatchObject({ differences: [{ kind: 'missing', repaired: null }], waiting: [] });
  });

  it('says what is wrong with its arguments', async () => {
    const { config } = await office();
    await expect(compareCrm('b24', { config, from: 'soon' })).rejects.toThrow('--from: expected a day or a time');
    await expect(compareCrm('b24', { config, from: to, to: from })).rejects.toThrow('--from: expected a time before');
    await expect(compareCrm('b24', { config, restore: true })).rejects.toThrow('--restore: expected together');
    await expect(compareCrm('sink', { config })).rejects.toThrow("sink can't be compared");
    await expect(compareCrm('amocrm', { config })).rejects.toThrow('no destination "amocrm"');
  });
});

describe('the period of a comparison', () => {
  const now = Date.parse('2026-11-30T22:30:00Z');
  const texts = ({ from, until }: { readonly from: number; readonly until: number }) => [
    new Date(from).toISOString(),
    new Date(until).toISOString(),
  ];

  it('is yesterday in the company zone by default, and whole days by their dates', () => {
    // In Moscow it is the first of December by then.
    expect(texts(periodOf({}, 'Europe/Moscow', now))).toEqual(['2026-11-29T21:00:00.000Z', '2026-11-30T21:00:00.000Z']);
    const days = { from: '2026-11-01', to: '2026-11-02' };
    expect(texts(periodOf(days, 'Europe/Moscow', now))).toEqual([
      '2026-10-31T21:00:00.000Z',
      '2026-11-02T21:00:00.000Z',
    ]);
    const times = { from: '2026-11-01T10:00', to: '2026-11-01T13:00:00+02:00' };
    expect(texts(periodOf(times, 'UTC', now))).toEqual(['2026-11-01T10:00:00.000Z', '2026-11-01T11:00:00.000Z']);
  });

  it('is cut at midnights, also on a day of 25 hours', () => {
    const period = periodOf({ from: '2026-10-24', to: '2026-10-25' }, 'Europe/Berlin', now);
    expect([...daysOf(period, 'Europe/Berlin')].map((day) => [day.day, (day.until - day.from) / 3_600_000])).toEqual([
      ['2026-10-24', 24],
      ['2026-10-25', 25],
    ]);
  });
});
