import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { stringify } from 'yaml';
import { moduleSchemas } from '../../src/cli/context.ts';
import { CrmReceiver } from '../../src/cli/demo/crm-receiver.ts';
import { parseConfig } from '../../src/config/load.ts';
import type { Interaction } from '../../src/domain/interaction/interaction.ts';
import { type Patchbay, startPatchbay } from '../../src/main.ts';
import { silentLogger } from '../../src/runtime/log.ts';
import { client as clientRecord } from '../support/calls.ts';
import { queueUrl, storeUrl } from '../support/test-store.ts';
import { Asterisk, type AsteriskVersion } from './lab/asterisk.ts';
import { dids } from './lab/config.ts';
import { client, type Flow } from './lab/flow.ts';
import { basicFlows } from './lab/flows-basic.ts';
import { moreFlows } from './lab/flows-more.ts';
import { transferFlows } from './lab/flows-transfer.ts';
import { SippOffice } from './lab/sipp.ts';

const allFlows: Readonly<Record<string, Flow>> = { ...basicFlows, ...transferFlows, ...moreFlows };
const mainFlows = [
  'inbound-answered',
  'inbound-unanswered',
  'inbound-busy',
  'inbound-rejected',
  'inbound-abandoned',
  'inbound-withheld',
  'outbound-answered',
  'internal-answered',
  'group-answered',
  'transfer-blind',
  'transfer-attended',
  'transfer-party-leaves',
];
/** Flows with several calls, and their number. The story describes the last call. */
const several: Readonly<Record<string, number>> = {
  'two-at-once': 2,
  'caller-of-many': 2,
  'transfer-party-leaves': 2,
  'transfer-threeway-party-leaves': 2,
};
/** Flows of one outside call in which only one person talks, so that SIPp's seconds can be compared directly. */
const plain = /^(inbound|outbound|group|local)-/;
const secret = `whsec_${Buffer.from('every flow').toString('base64')}`;

const laboratories: readonly { version: AsteriskVersion; flows: readonly string[] }[] = [
  { version: '22', flows: Object.keys(allFlows) },
  { version: '16', flows: mainFlows },
];

describe.each(laboratories)('call flows through the whole program on Asterisk $version', ({ version, flows }) => {
  let pbx: Asterisk;
  let crm: CrmReceiver;
  let patchbay: Patchbay;
  let office: SippOffice;
  let directory: string;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'patchbay-flows-'));
    pbx = new Asterisk({ version });
    await pbx.start();
    crm = new CrmReceiver(secret, { firstAnswer: 503 });
    patchbay = await startPatchbay(configuration(await crm.listen()), silentLogger);
    await patchbay.store.apply([{ op: 'put-clients', clients: [clientRecord('c1', [`+${client}`])], at: Date.now() }]);
    await vi.waitFor(
      async () => {
        const answer = await fetch(`${patchbay.url}/health/ready`);
        expect(await answer.json()).toMatchObject({ connections: [{ health: 'ready' }] });
      },
      { timeout: 20_000, interval: 100 },
    );
  });

  afterEach(() => office.stopAll());

  afterAll(async () => {
    await patchbay?.stop();
    await crm?.close();
    await pbx?.dispose();
    rmSync(directory, { recursive: true, force: true });
  });

  function configuration(crmUrl: string) {
    const text = stringify({
      http: { port: 0 },
      store: { url: storeUrl(join(directory, 'flows.db')) },
      queue: { url: queueUrl() },
      managers: ['101', '102', '103', '104', '105'].map((extension) => ({
        id: `m${extension}`,
        name: `Manager ${extension}`,
        extensions: [extension],
      })),
      lines: Object.entries(dids).map(([id, address]) => ({ id, channel: 'call', address, label: id })),
      routing: { fallback: 'default' },
      connectors: {
        pbx: {
          kind: 'asterisk',
          ami: { host: '127.0.0.1', port: pbx.amiPort, username: 'lab', secret: 'lab-secret' },
          extensions: '^\\d{3}$',
          recordings: { dir: pbx.monitorDir },
          cdr: { csv: pbx.cdrFile },
        },
      },
      destinations: { crm: { kind: 'webhook', url: crmUrl, secret, retry: { first: 0.1, longest: 0.5 } } },
    });
    return parseConfig(text, 'flows.yaml', moduleSchemas, {});
  }

  /** Calls since a moment, oldest first, once all have ended and the CRM has their latest revisions. */
  async function settled(since: number, count: number): Promise<readonly Interaction[]> {
    return vi.waitFor(
      async () => {
        const query = { limit: 200, cursor: null, since: new Date(since).toISOString() };
        const { items } = await patchbay.store.read.interactions(query);
        expect(items.filter((one) => one.endedAt === null)).toEqual([]);
        expect(items.flatMap((one) => one.recordings).filter((one) => one.state === 'pending')).toEqual([]);
        for (const one of items) expect(crm.interactions.get(one.id)?.revision).toBe(one.revision);
        const calls = items.filter((one) => one.mergedInto === null).reverse();
        expect(calls).toHaveLength(count);
        return calls;
      },
      { timeout: 30_000, interval: 100 },
    );
  }

  it.each(flows)('%s', async (name) => {
    office = new SippOffice(pbx);
    const since = Date.now();
    const story = await (allFlows[name] as Flow)({ pbx, office, since: pbx.ami.events.length });
    await pbx.idle(40_000);
    const calls = await settled(since, several[name] ?? 1);

    const call = calls.at(-1) as Interaction;
    expect({ direction: call.direction, state: call.state }).toEqual({
      direction: story.direction,
      state: story.state,
    });
    if (story.direction === 'inbound') {
      expect(call.party.withheld ? 'withheld' : call.party.raw).toBe(story.from);
      expect(call.line?.address).toBe(story.to);
    } else expect([call.legs[0]?.extension, call.party.raw]).toEqual([story.from, story.to]);
    const known = story.direction === 'inbound' && story.from === client;
    if (known) expect(call).toMatchObject({ client: { id: 'c1' }, match: { outcome: 'matched' } });
    if (story.direction === 'internal') expect(call.client).toBeNull();
    const humans = calls
      .flatMap((one) => one.legs)
      .filter((leg) => (leg.kind === 'extension' || leg.kind === 'mobile') && leg.talkedAt !== null);
    expect(humans.map((leg) => leg.extension ?? leg.phone).sort()).toEqual([...story.talked].sort());
    expect(call.reconstructed).toBe(false);

    const outside = office.started
      .filter((sipp) => sipp.name === (story.direction === 'inbound' ? 'caller' : 'trunk'))
      .flatMap((sipp) => sipp.calls);
    const [caller] = outside;
    if (!plain.test(name) || caller === undefined || outside.length !== 1) return;
    expect(Math.abs((call.talkSeconds ?? 0) - caller.talkSeconds)).toBeLessThanOrEqual(1);
    if (story.state === 'answered') {
      expect(Math.abs(Date.parse(call.answeredAt ?? '') - (caller.answeredAt ?? 0))).toBeLessThanOrEqual(1000);
    }
  });

  it('signs every delivery, and repeats each under its own webhook-id', () => {
    expect(crm.refused).toBe(0);
    expect(crm.reused).toBe(0);
    expect(crm.repeats).toBeGreaterThanOrEqual(crm.interactions.size);
    expect(new Set(crm.ids.values()).size).toBe(crm.ids.size);
  });
});
