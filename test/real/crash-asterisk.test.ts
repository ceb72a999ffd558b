import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { stringify } from 'yaml';
import { CrmReceiver } from '../../src/cli/demo/crm-receiver.ts';
import { sleep } from '../../src/runtime/sleep.ts';
import { seededRandom } from '../support/random.ts';
import { queueUrl, storeUrl } from '../support/test-store.ts';
import { Gateway } from './crash/gateway.ts';
import { keptInteractions } from './crash/kept.ts';
import { Asterisk } from './lab/asterisk.ts';
import { dids } from './lab/config.ts';
import { freeTcpPort } from './lab/ports.ts';
import { type SippCall, SippOffice } from './lab/sipp.ts';

const kills = 3;
const secret = `whsec_${Buffer.from('killed on a real PBX').toString('base64')}`;

/** The gateway dies three times during calls of a real Asterisk, while the CRM is down. */
describe('a gateway killed during calls of Asterisk 22', () => {
  const random = seededRandom(22);
  /** Callers whose calls ended while no gateway was running. */
  const unseen = new Set<string>();
  const truth = new Map<string, SippCall>();
  let serial = 0;
  let directory: string;
  let database: string;
  let pbx: Asterisk;
  let office: SippOffice;
  let crm: CrmReceiver;
  let crmPort: number;
  let gateway: Gateway;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'patchbay-crash-'));
    database = storeUrl(join(directory, 'crash.db'));
    pbx = new Asterisk({ version: '22' });
    await pbx.start();
    office = new SippOffice(pbx);
    crm = new CrmReceiver(secret);
    crmPort = await freeTcpPort();
    const httpPort = await freeTcpPort();
    const config = join(directory, 'patchbay.yaml');
    writeFileSync(config, configuration(httpPort));
    gateway = new Gateway({ config, url: `http://127.0.0.1:${httpPort}`, log: join(directory, 'gateway.log') });
  });

  afterAll(async () => {
    await gateway?.stop();
    await office?.stopAll();
    await Promise.all([crm?.close(), pbx?.dispose()]);
    rmSync(directory, { recursive: true, force: true });
  });

  function configuration(httpPort: number): string {
    return stringify({
      http: { port: httpPort },
      store: { url: database },
      queue: { url: queueUrl() },
      managers: [{ id: 'a', name: 'A', extensions: ['101'] }],
      lines: [{ id: 'direct', channel: 'call', address: dids.direct, label: 'Direct' }],
      routing: { fallback: 'default' },
      connectors: {
        pbx: {
          kind: 'asterisk',
          timezone: 'UTC',
          ami: { host: '127.0.0.1', port: pbx.amiPort, username: 'lab', secret: 'lab-secret' },
          extensions: '^\\d{3}$',
          recordings: { dir: pbx.monitorDir },
          cdr: { csv: pbx.cdrFile },
        },
      },
      destinations: {
        crm: { kind: 'webhook', url: `http://127.0.0.1:${crmPort}/in`, secret, retry: { first: 0.2, longest: 2 } },
      },
    });
  }

  /** A call to 101's phone; the caller hangs up `hangUpAfterMs` after the answer. Its real course is recorded when it ends. */
  async function call(hangUpAfterMs: number): Promise<{ from: string; done: Promise<void> }> {
    serial += 1;
    const from = String(79_990_002_000 + serial);
    const caller = await office.callIn({ from, to: dids.direct, hangUpAfterMs });
    return { from, done: caller.done().then((seen) => void truth.set(from, seen)) };
  }

  async function talking(...from: readonly string[]): Promise<void> {
    await vi.waitFor(
      async () => {
        const kept = await keptInteractions(database);
        const live = kept.filter((one) => one.state === 'talking').map((one) => one.party.raw);
        expect(live).toEqual(expect.arrayContaining([...from]));
      },
      { timeout: 15_000, interval: 50 },
    );
  }

  it('ends each call exactly once with the right result, and delivers the same to the CRM', {
    timeout: 150_000,
  }, async () => {
    await office.phone('101', { kind: 'answer', afterMs: 300 });
    gateway.start();
    await gateway.follows();
    const open: Promise<void>[] = [];
    for (let i = 0; i < kills; i += 1) {
      const endsUnseen = await call(3000);
      const lives = await call(12_000);
      await talking(endsUnseen.from, lives.from);
      await sleep(random() * 500);
      await gateway.kill();
      const unseenCall = await call(500);
      const begunInGap = await call(9000);
      await Promise.all([endsUnseen.done, unseenCall.done]);
      for (const { from } of [endsUnseen, unseenCall]) unseen.add(from);
      gateway.start();
      await gateway.follows();
      open.push(lives.done, begunInGap.done);
    }
    await Promise.all(open);
    await crm.listen(crmPort);

    // For a call that ended live, missing details come with the call record, shortly after its end.
    const kept = await vi.waitFor(
      async () => {
        const all = await keptInteractions(database);
        expect(all.map((one) => one.party.raw).sort()).toEqual([...truth.keys()].sort());
        for (const one of all) {
          const { raw } = one.party;
          expect(one, raw).toMatchObject({ state: 'answered', legs: [{ extension: '101', outcome: 'answered' }] });
          const off = Math.abs((one.talkSeconds ?? -9) - (truth.get(raw)?.talkSeconds ?? 0));
          expect(off, `talk of ${raw}`).toBeLessThanOrEqual(1);
          expect(one.recordings.filter((recording) => recording.state === 'pending')).toEqual([]);
          expect(crm.interactions.get(one.id)?.revision).toBe(one.revision);
        }
        return all;
      },
      { timeout: 60_000, interval: 250 },
    );

    expect(crm.interactions.size).toBe(kept.length);
    expect(crm.refused).toBe(0);
    for (const one of kept.filter(({ party }) => unseen.has(party.raw))) expect(one.reconstructed).toBe(true);
    expect(
      kept.filter((one) => one.recordings.some((recording) => recording.state === 'ready')).length,
    ).toBeGreaterThan(kills);
  });
});
