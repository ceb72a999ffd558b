import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { stringify } from 'yaml';
import { moduleSchemas } from '../../src/cli/context.ts';
import { parseConfig } from '../../src/config/load.ts';
import { type Patchbay, startPatchbay } from '../../src/main.ts';
import { silentLogger } from '../../src/runtime/log.ts';
import { type Portal, startPortal } from '../support/bitrix24/portal.ts';
import { client as clientRecord } from '../support/calls.ts';
import { queueUrl, storeUrl } from '../support/test-store.ts';
import { launch, Pages } from './browser/pages.ts';
import { Asterisk } from './lab/asterisk.ts';
import { client } from './lab/flow.ts';
import { freeTcpPort } from './lab/ports.ts';
import { printedConfig } from './lab/printed.ts';
import { SippOffice } from './lab/sipp.ts';

const app = { clientId: 'local.1', clientSecret: 'secret' };

/** Somebody works in the page of a scripted portal, with a real PBX and real telephones. */
describe('a click on a number in the portal’s page', () => {
  let directory: string;
  let pbx: Asterisk;
  let phones: SippOffice;
  let patchbay: Patchbay;
  let portal: Portal;
  let browser: Browser;
  let pages: Pages;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'patchbay-portal-page-'));
    const [agiPort, port] = [await freeTcpPort(), await freeTcpPort()];
    pbx = new Asterisk({ version: '22', extra: printedConfig(agiPort) });
    [portal, browser] = await Promise.all([
      startPortal({
        users: [{ id: 1, name: 'Anna', extension: '101', admin: true }],
        app: { ...app, scopes: ['crm', 'telephony', 'user'] },
      }),
      launch(),
      pbx.start(),
    ]);
    pages = new Pages(browser);
    phones = new SippOffice(pbx);
    const contact = portal.core.cards.CONTACT.add({ NAME: 'Ivan', PHONE: [`+${client}`], ASSIGNED_BY_ID: 1 });
    const publicUrl = `http://127.0.0.1:${port}`;
    const text = stringify({
      http: { port, publicUrl },
      store: { url: storeUrl(join(directory, 'page.db')) },
      queue: { url: queueUrl() },
      blobs: { url: `file:${join(directory, 'blobs')}` },
      managers: [{ id: 'anna', name: 'Anna', extensions: ['101'] }],
      connectors: {
        pbx: {
          kind: 'asterisk',
          clickToCall: { context: 'patchbay-call' },
          ami: { host: '127.0.0.1', port: pbx.amiPort, username: 'patchbay', secret: 'lab-secret' },
          agi: { port: agiPort },
          extensions: '^10\\d$',
          recordings: { dir: pbx.monitorDir },
        },
      },
      destinations: {
        b24: { kind: 'bitrix24', app: { portal: portal.root, ...app, oauth: portal.root } },
      },
    });
    patchbay = await startPatchbay(parseConfig(text, 'page.yaml', moduleSchemas, {}), silentLogger);
    const known = { ...clientRecord(`b24:contact-${contact}`, [`+${client}`]), responsible: 'anna' };
    await patchbay.store.apply([{ op: 'put-clients', clients: [known], at: Date.now() }]);
    expect(await portal.install(`${publicUrl}/api/v1/hooks/b24`)).toBe(200);
    await vi.waitFor(
      async () => {
        const answer = await fetch(`${patchbay.url}/health/ready`);
        const { connections } = (await answer.json()) as { connections: { health: string }[] };
        expect(connections[0]?.health).toBe('ready');
        expect(portal.state.bound.map(({ event }) => event)).toContain('ONEXTERNALCALLSTART');
      },
      { timeout: 60_000 },
    );
  });

  afterAll(async () => {
    await browser?.close();
    await phones?.stopAll();
    await patchbay?.stop();
    await portal?.close();
    await pbx?.dispose();
    rmSync(directory, { recursive: true, force: true });
  });

  it('rings the telephone, shows the card, and ends as one call with its recording on the contact', async () => {
    await phones.phone('101', { kind: 'answer', afterMs: 3000 });
    await phones.trunk({ kind: 'answer', afterMs: 500, hangUpAfterMs: 3000 });
    const page = await pages.open();
    await page.goto(portal.root);
    await page.getByRole('button', { name: `+${client}` }).click();
    await page.locator('.popped').getByText('at Anna').waitFor();
    const [callId = ''] = portal.state.calls.keys();

    const sound = page.locator('.activity audio').first();
    await sound.waitFor({ timeout: 60_000 });
    await page.locator('.popped').waitFor({ state: 'detached' });
    const bytes = await (await fetch(new URL((await sound.getAttribute('src')) ?? '', portal.root))).arrayBuffer();
    expect(Buffer.from(bytes).subarray(0, 4).toString()).toBe('RIFF');

    expect([...portal.state.statistics.values()]).toMatchObject([{ callId, userId: 1, type: 1, code: '200' }]);
    const [row] = portal.state.statistics.values();
    expect(row?.duration).toBeGreaterThanOrEqual(2);
    expect(await page.locator('.activity').count()).toBe(1);
    const { items } = await patchbay.store.read.interactions({ limit: 10, cursor: null });
    expect(items).toMatchObject([{ direction: 'outbound', state: 'answered', handledBy: { id: 'anna' } }]);
    expect(portal.state.complaints).toEqual([]);
    expect(portal.rest.bucket.refused).toBe(0);
  });

  it('causes no errors in the browser', () => {
    expect(pages.complaints).toEqual([]);
  });
});
