import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { stringify } from 'yaml';
import { moduleSchemas } from '../../src/cli/context.ts';
import { parseConfig } from '../../src/config/load.ts';
import type { Interaction } from '../../src/domain/interaction/interaction.ts';
import { type Patchbay, startPatchbay } from '../../src/main.ts';
import { silentLogger } from '../../src/runtime/log.ts';
import { raw } from '../connectors/mail/support.ts';
import { client as clientRecord } from '../support/calls.ts';
import { queueUrl, storeUrl } from '../support/test-store.ts';
import { launch, Pages } from './browser/pages.ts';
import { Asterisk } from './lab/asterisk.ts';
import { dids } from './lab/config.ts';
import { client } from './lab/flow.ts';
import { freeTcpPort } from './lab/ports.ts';
import { SippOffice } from './lab/sipp.ts';
import { Dovecot } from './mail/dovecot.ts';

const chatSecret = 'a secret of the chat';

/** A browser with UTM parameters, the widget, a tracking number of its own, and a call to that number over a real PBX. */
describe('from an advertisement to a call', () => {
  let directory: string;
  let pbx: Asterisk;
  let dovecot: Dovecot;
  let office: SippOffice;
  let patchbay: Patchbay;
  let site: Server;
  let shop: string;
  let browser: Browser;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'patchbay-tracking-'));
    pbx = new Asterisk({ version: '22' });
    dovecot = new Dovecot();
    await Promise.all([pbx.start(), dovecot.start()]);
    office = new SippOffice(pbx);
    for (const folder of ['INBOX', 'Sent']) dovecot.deliver('sales', [], folder);
    const text = stringify({
      http: { port: 0 },
      store: { url: storeUrl(join(directory, 'tracking.db')) },
      queue: { url: queueUrl() },
      blobs: { url: `file:${join(directory, 'blobs')}` },
      managers: [{ id: 'a', name: 'A', extensions: ['101'] }],
      lines: [
        {
          id: 'ads',
          address: '74950000000',
          attribution: { source: 'site' },
          pool: { numbers: [dids.direct], hold: '15m' },
        },
        { id: 'site', channel: 'form', form: { numbers: 'ads' } },
      ],
      connectors: {
        pbx: {
          kind: 'asterisk',
          ami: { host: '127.0.0.1', port: pbx.amiPort, username: 'lab', secret: 'lab-secret' },
          agi: { port: await freeTcpPort() },
          extensions: '^10\\d$',
          cdr: { csv: pbx.cdrFile },
        },
        mail: {
          kind: 'mail',
          address: 'sales@our.example',
          user: 'sales',
          password: 'secret',
          imap: { host: '127.0.0.1', port: dovecot.port, tls: false },
          smtp: false,
        },
        chat: { kind: 'webhook', secret: chatSecret, account: 'chat' },
      },
    });
    patchbay = await startPatchbay(parseConfig(text, 'tracking.yaml', moduleSchemas, {}), silentLogger);
    const email = { kind: 'email', value: 'ivan@example.com' } as const;
    const record = clientRecord('c1', [`+${client}`]);
    await patchbay.store.apply([
      { op: 'put-clients', clients: [{ ...record, identifiers: [...record.identifiers, email] }], at: Date.now() },
    ]);
    site = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html; charset=utf-8');
      response.end(
        `<!doctype html><a data-patchbay-number>8 800</a><script src="${patchbay.url}/api/v1/forms/site/widget.js"></script>`,
      );
    });
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
    shop = `http://localhost:${(site.address() as AddressInfo).port}`;
    browser = await launch();
    await vi.waitFor(
      async () => {
        const answer = (await (await fetch(`${patchbay.url}/health/ready`)).json()) as {
          connections: { name: string; health: string }[];
        };
        expect(answer.connections.filter(({ health }) => health !== 'ready')).toEqual([]);
      },
      { timeout: 20_000 },
    );
  });
  afterAll(async () => {
    await browser?.close();
    site?.close();
    await office?.stopAll();
    await patchbay?.stop();
    await pbx?.dispose();
    await dovecot?.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const newest = async (channel: Interaction['channel']) =>
    (await patchbay.store.read.interactions({ limit: 1, cursor: null, channel })).items[0];

  /** A message through the generic webhook connector, signed as its service would. */
  async function sendMessage(id: string, from: object): Promise<void> {
    const body = JSON.stringify({ type: 'message', id, from, text: 'And when?', at: new Date().toISOString() });
    const now = new Date();
    const answer = await fetch(`${patchbay.url}/api/v1/hooks/chat`, {
      method: 'POST',
      headers: {
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
        'webhook-signature': new Webhook(chatSecret, { format: 'raw' }).sign(id, now, body),
      },
      body,
    });
    expect(answer.status).toBe(200);
  }

  it('attributes the call to the campaign, and puts the client’s later form, letter and message on the same card', async () => {
    const page = await new Pages(browser).open();
    await page.goto(`${shop}/?utm_source=yandex&utm_medium=cpc&utm_campaign=pumps&yclid=5`);
    await page.locator('a[href^="tel:"]').waitFor();
    const shown = (await page.getByRole('link').getAttribute('href'))?.replace(/\D/g, '') ?? '';
    expect(shown.slice(-10)).toBe(dids.direct.slice(-10));

    await office.phone('101', { kind: 'answer', afterMs: 500 });
    const caller = await office.callIn({ from: client, to: dids.direct, hangUpAfterMs: 1500 });
    await caller.done();
    const call = await vi.waitFor(
      async () => {
        const one = await newest('call');
        expect(one?.state).toBe('answered');
        return one;
      },
      { timeout: 20_000 },
    );
    expect(call).toMatchObject({
      line: { id: 'ads' },
      client: { id: 'c1' },
      attribution: {
        source: 'yandex',
        medium: 'cpc',
        campaign: 'pumps',
        ids: { yclid: '5', first_campaign: 'pumps' },
      },
    });

    const answer = await fetch(`${patchbay.url}/api/v1/forms/site`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'Ivan@Example.com', comment: 'And the price?' }),
    });
    expect(answer.status).toBe(200);
    expect(await newest('form')).toMatchObject({ client: { id: 'c1' } });

    dovecot.deliver('sales', [
      raw({ from: 'Ivan <ivan@example.com>', subject: 'Pumps', 'message-id': '<later@example.com>' }, 'And the terms?'),
    ]);
    await vi.waitFor(async () => expect(await newest('email')).toMatchObject({ subject: 'Pumps' }), {
      timeout: 20_000,
    });
    await sendMessage('m1', { id: '42', phone: `+${client}` });
    await sendMessage('m2', { id: '42' });

    const card = await patchbay.store.read.interactions({ limit: 9, cursor: null, client: 'c1' });
    // A letter's date has whole seconds, so its position among the others is undefined.
    const channels = card.items.map((one) => one.channel).sort();
    expect(channels).toEqual(['call', 'email', 'form', 'message', 'message']);
    expect(card.items.find(({ channel }) => channel === 'call')).toMatchObject({
      id: call?.id,
      attribution: { campaign: 'pumps' },
    });
  });
});
