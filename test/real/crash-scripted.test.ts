import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { stringify } from 'yaml';
import { CrmReceiver } from '../../src/cli/demo/crm-receiver.ts';
import { type CallRecordOfPbx, ScriptedPbx } from '../../src/cli/demo/scripted-pbx.ts';
import { sleep } from '../../src/runtime/sleep.ts';
import { seededRandom } from '../support/random.ts';
import { queueUrl, storeUrl } from '../support/test-store.ts';
import { Gateway } from './crash/gateway.ts';
import { keptInteractions } from './crash/kept.ts';
import { freeTcpPort } from './lab/ports.ts';

interface PlayedCall extends CallRecordOfPbx {
  readonly from: string;
}

const kills = Number(process.env.PATCHBAY_TEST_KILLS ?? 50);
const seed = 20261124;
const secret = `whsec_${Buffer.from('fifty times killed').toString('base64')}`;
const extensions = Array.from({ length: 40 }, (_, i) => String(101 + i));

/** The gateway dies fifty times during a stream of calls while the CRM is down; PBX and CRM are scripted, over real sockets. */
describe('a gateway killed repeatedly during a stream of calls', () => {
  const random = seededRandom(seed);
  const played: PlayedCall[] = [];
  const streaming = new AbortController();
  let directory: string;
  let pbx: ScriptedPbx;
  let crm: CrmReceiver;
  let crmPort: number;
  let agiPort: number;
  let gateway: Gateway;
  let database: string;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'patchbay-kill-'));
    database = storeUrl(join(directory, 'kill.db'));
    const record = join(directory, 'Master.csv');
    writeFileSync(record, '');
    pbx = new ScriptedPbx({ username: 'pb', secret: 'pb', extensions, speed: 1, fallback: ['101', '102'], record });
    crm = new CrmReceiver(secret);
    crmPort = await freeTcpPort();
    agiPort = await freeTcpPort();
    const httpPort = await freeTcpPort();
    const config = join(directory, 'patchbay.yaml');
    writeFileSync(config, configuration({ record, httpPort, amiPort: await pbx.ami.listen() }));
    const url = `http://127.0.0.1:${httpPort}`;
    gateway = new Gateway({ config, url, log: join(directory, 'gateway.log') });
  });

  afterAll(async () => {
    streaming.abort();
    await gateway?.stop();
    await Promise.all([pbx?.ami.close(), crm?.close()]);
    rmSync(directory, { recursive: true, force: true });
  });

  function configuration(place: { record: string; httpPort: number; amiPort: number }): string {
    return stringify({
      http: { port: place.httpPort },
      store: { url: database },
      queue: { url: queueUrl() },
      managers: extensions.map((extension) => ({ id: `m${extension}`, name: extension, extensions: [extension] })),
      lines: [{ id: 'main', channel: 'call', address: '74951200001', label: 'Main' }],
      routing: {
        fallback: 'group:all',
        groups: { all: { members: extensions.map((one) => `m${one}`), strategy: 'rotate' } },
      },
      connectors: {
        pbx: {
          kind: 'asterisk',
          timezone: 'UTC',
          ami: { host: '127.0.0.1', port: place.amiPort, username: 'pb', secret: 'pb' },
          agi: { port: agiPort },
          cdr: { csv: place.record },
        },
      },
      destinations: {
        crm: {
          kind: 'webhook',
          url: `http://127.0.0.1:${crmPort}/in`,
          secret,
          concurrency: 16,
          retry: { first: 0.2, longest: 5 },
        },
      },
    });
  }

  /** Calls in sequence on each of ten trunk channels, until the stream is stopped. */
  async function stream(): Promise<void> {
    let serial = 0;
    const lane = async () => {
      while (!streaming.signal.aborted) {
        serial += 1;
        const from = `7916${1_000_000 + serial}`;
        const script = {
          from,
          name: '',
          did: '74951200001',
          ringMs: 30 + random() * 400,
          talkMs: random() < 0.75 ? 50 + random() * 1500 : 0,
        };
        // Calls in progress are played to their end when the stream stops.
        played.push({ from, ...(await pbx.inbound(script, agiPort, new AbortController().signal)) });
        await sleep(random() * 200, streaming.signal);
      }
    };
    await Promise.all(Array.from({ length: 6 }, lane));
  }

  it('ends each call exactly once, marks reconstructed ones, and delivers the same to the CRM', {
    // Fifty starts on a busy machine take minutes; each wait is for an event.
    timeout: 900_000,
  }, async () => {
    gateway.start();
    await gateway.ready();
    const streamed = stream();
    for (let i = 0; i < kills; i += 1) {
      // A third of the kills happen while it is still starting.
      if (random() < 0.67) await gateway.follows();
      await sleep(random() * 900);
      await gateway.kill();
      await sleep(random() * 700);
      gateway.start();
    }
    await gateway.follows();
    const lastReady = Date.now();
    await vi.waitFor(() => expect(played.filter((call) => call.startedAt > lastReady).length).toBeGreaterThan(10), {
      timeout: 120_000,
    });
    streaming.abort();
    await streamed;
    await crm.listen(crmPort);

    // Compared only once all calls have ended and been delivered.
    const kept = await vi.waitFor(
      async () => {
        const all = await keptInteractions(database);
        expect(all.filter((one) => one.endedAt === null)).toEqual([]);
        expect(all.length).toBeGreaterThanOrEqual(played.length);
        for (const one of all) expect(crm.interactions.get(one.id)?.revision).toBe(one.revision);
        return all;
      },
      { timeout: 180_000, interval: 250 },
    );

    const phones = kept.filter((one) => one.mergedInto === null).map((one) => one.party.phone);
    expect([...phones].sort()).toEqual(played.map((call) => `+${call.from}`).sort());
    expect(crm.interactions.size).toBe(kept.length);
    expect(crm.refused).toBe(0);

    const byPhone = new Map(kept.map((one) => [one.party.phone, one]));
    let unseen = 0;
    for (const call of played) {
      const one = byPhone.get(`+${call.from}`);
      const truth = { from: call.from, state: call.answeredBy === null ? 'missed' : 'answered' };
      expect({ from: call.from, state: one?.state }).toEqual(truth);
      const talkedAt = one?.legs.filter((leg) => leg.talkedAt !== null).map((leg) => leg.extension);
      expect({ from: call.from, talkedAt }).toEqual({
        from: call.from,
        talkedAt: call.answeredBy === null ? [] : [call.answeredBy],
      });
      const endedUnseen = gateway.gaps.some((gap) => call.endedAt > gap.from && call.endedAt < gap.restartedAt);
      if (endedUnseen) unseen += 1;
      if (endedUnseen)
        expect({ from: call.from, reconstructed: one?.reconstructed }).toMatchObject({ reconstructed: true });
      if (call.startedAt > lastReady) expect(one?.reconstructed).toBe(false);
    }
    const marked = kept.filter((one) => one.reconstructed).length;
    console.log(`${kills} kills, ${played.length} calls, ${unseen} ended unseen, ${marked} marked as reconstructed`);
    expect(unseen).toBeGreaterThan(kills / 2);
  });
});
