import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { stringify } from 'yaml';
import { moduleSchemas } from '../../src/cli/context.ts';
import { parseConfig } from '../../src/config/load.ts';
import type { Interaction } from '../../src/domain/interaction/interaction.ts';
import { type Patchbay, startPatchbay } from '../../src/main.ts';
import { silentLogger } from '../../src/runtime/log.ts';
import { differ } from '../support/field-match.ts';
import { queueUrl, storeUrl } from '../support/test-store.ts';
import { Asterisk, type AsteriskVersion } from './lab/asterisk.ts';
import { type OddFlow, oddFlows, oddFlowsOf22 } from './lab/flows-odd.ts';
import { type OddPlaces, oddConfig, oddDatabase, oddDids, oddPlaces } from './lab/odd-office.ts';
import { SippOffice } from './lab/sipp.ts';

const laboratories: readonly { version: AsteriskVersion; flows: Readonly<Record<string, OddFlow>> }[] = [
  { version: '22', flows: { ...oddFlows, ...oddFlowsOf22 } },
  { version: '16', flows: oddFlows },
];

/** The gateway knows extensions, managers and lines, and nothing of the dialplan or its trunks. */
describe.each(laboratories)('odd calls through the whole program on Asterisk $version', ({ version, flows }) => {
  let pbx: Asterisk;
  let places: OddPlaces;
  let patchbay: Patchbay;
  let office: SippOffice;
  let directory: string;
  let serial = 0;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'patchbay-odd-'));
    places = await oddPlaces();
    pbx = new Asterisk({ version, extra: oddConfig(places) });
    await pbx.start();
    for (const command of oddDatabase) await pbx.cli(command);
    office = new SippOffice(pbx);
    const text = stringify({
      http: { port: 0 },
      store: { url: storeUrl(join(directory, 'odd.db')) },
      queue: { url: queueUrl() },
      managers: ['101', '102', '201'].map((extension) => ({
        id: `m${extension}`,
        name: `Manager ${extension}`,
        extensions: [extension],
      })),
      lines: Object.entries(oddDids).map(([id, address]) => ({ id, channel: 'call', address, label: id })),
      connectors: {
        pbx: {
          kind: 'asterisk',
          ami: { host: '127.0.0.1', port: pbx.amiPort, username: 'lab', secret: 'lab-secret' },
          recordings: { dir: pbx.monitorDir },
          cdr: { csv: pbx.cdrFile },
        },
      },
    });
    patchbay = await startPatchbay(parseConfig(text, 'odd.yaml', moduleSchemas, {}), silentLogger);
    await vi.waitFor(
      async () => {
        const answer = await fetch(`${patchbay.url}/health/ready`);
        expect(await answer.json()).toMatchObject({ connections: [{ health: 'ready' }] });
      },
      { timeout: 20_000, interval: 100 },
    );
  });

  afterEach(() => office?.stopAll());

  afterAll(async () => {
    await patchbay?.stop();
    await pbx?.dispose();
    rmSync(directory, { recursive: true, force: true });
  });

  /** Contacts since a moment, without those that were merged into others. */
  async function contactsSince(since: number): Promise<readonly Interaction[]> {
    const query = { limit: 200, cursor: null, since: new Date(since).toISOString() };
    const { items } = await patchbay.store.read.interactions(query);
    return items.filter((one) => one.mergedInto === null);
  }

  /** Waits until the gateway has told everything that has happened so far, which is when a further call has ended. */
  async function toldEverything(since: number): Promise<readonly Interaction[]> {
    const marker = String(79_990_009_000 + serial);
    await office.phone('101', { kind: 'refuse', status: 486, afterMs: 100 });
    await (await office.callIn({ from: marker, to: oddDids.plain })).exited().catch(() => undefined);
    await pbx.idle();
    return vi.waitFor(
      async () => {
        const all = await contactsSince(since);
        expect(all.filter(({ endedAt }) => endedAt === null)).toEqual([]);
        expect(all.map(({ party }) => party.phone)).toContain(`+${marker}`);
        return all.filter(({ party }) => party.phone !== `+${marker}`);
      },
      { timeout: 30_000, interval: 100 },
    );
  }

  it.each(Object.keys(flows))('%s', async (name) => {
    serial += 1;
    const since = Date.now();
    const client = String(79_990_003_000 + serial);
    const stage = { pbx, office, since: pbx.ami.events.length, places, client };
    const story = await (flows[name] as OddFlow)(stage);
    await pbx.idle(40_000);

    const contacts = await toldEverything(since);

    expect(differ(story.interactions, contacts)).toBeNull();
    const { items: tasks } = await patchbay.store.read.tasks({ limit: 50, cursor: null, state: 'open' });
    expect(tasks.filter(({ interaction }) => contacts.some(({ id }) => id === interaction))).toHaveLength(story.tasks);
  });
});
