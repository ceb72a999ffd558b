import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { stringify } from 'yaml';
import type { Interaction } from '../../src/domain/interaction/interaction.ts';
import { queueUrl, storeUrl } from '../support/test-store.ts';
import { launch, Pages } from './browser/pages.ts';
import { Gateway } from './crash/gateway.ts';
import { keptInteractions } from './crash/kept.ts';
import { freeTcpPort } from './lab/ports.ts';

/** Pages of a shop: a landing page, an order page with its own form, and one where the widget draws everything. */
const pagesOfShop: Readonly<Record<string, string>> = {
  '/': '<h1>Shop</h1>',
  '/order': `<form data-patchbay><input name="name"><input name="phone"><textarea name="comment"></textarea><button>Send</button></form>`,
  '/drawn': `<div data-patchbay-form></div><div data-patchbay-callback></div><a data-patchbay-number>8 800</a>`,
};

describe('the widget on a page with a strict policy', () => {
  let directory: string;
  let gateway: Gateway;
  let url: string;
  let site: Server;
  let shop: string;
  let browser: Browser;
  let pages: Pages;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'patchbay-widget-'));
    const port = await freeTcpPort();
    url = `http://127.0.0.1:${port}`;
    const script = `${url}/api/v1/forms/site/widget.js`;
    site = createServer((request, response) => {
      const body = pagesOfShop[new URL(request.url ?? '/', 'http://shop').pathname];
      response.writeHead(body === undefined ? 404 : 200, {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': `default-src 'none'; script-src ${url}; connect-src ${url}; form-action 'none'`,
      });
      response.end(`<!doctype html><html lang="ru"><title>Shop</title>${body}<script src="${script}"></script></html>`);
    });
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
    shop = `http://localhost:${(site.address() as AddressInfo).port}`;
    const config = join(directory, 'patchbay.yaml');
    writeFileSync(
      config,
      stringify({
        http: { port },
        log: { level: 'error' },
        store: { url: storeUrl(join(directory, 'widget.db')) },
        queue: { url: queueUrl() },
        blobs: { url: `file:${join(directory, 'blobs')}` },
        lines: [
          { id: 'main', address: '74951234567', pool: { numbers: ['74951230001', '74951230002'], hold: '15m' } },
          {
            id: 'site',
            channel: 'form',
            form: { origins: [shop], numbers: 'main', fastest: '0ms', consent: { text: 'Согласен', version: '5' } },
          },
        ],
      }),
    );
    gateway = new Gateway({ config, url, log: join(directory, 'gateway.log') });
    browser = await launch();
    pages = new Pages(browser);
    await start();
  });
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
  });
  afterAll(async () => {
    await browser?.close();
    await gateway?.stop();
    site?.close();
    rmSync(directory, { recursive: true, force: true });
  });

  async function start(): Promise<void> {
    gateway.start();
    await vi.waitFor(async () => expect((await fetch(`${url}/health/ready`)).status).toBe(200), { timeout: 40_000 });
  }
  const taken = async (phone: string): Promise<readonly Interaction[]> =>
    (await keptInteractions(storeUrl(join(directory, 'widget.db')))).filter((one) => one.party.phone === phone);
  const arrives = (phone: string) =>
    vi.waitFor(async () => expect(await taken(phone)).toHaveLength(1), { timeout: 40_000, interval: 200 });
  const land = async (): Promise<Page> => {
    const page = await pages.open();
    await page.goto(`${shop}/?utm_source=yandex&utm_medium=cpc&utm_campaign=spring&yclid=77`);
    return page;
  };
  const order = async (page: Page, phone: string): Promise<void> => {
    await page.goto(`${shop}/order`);
    await page.locator('[name=name]').fill('Иван');
    await page.locator('[name=phone]').fill(phone);
    await page.locator('[name=comment]').fill('Сколько стоит?');
  };
  /** A phone with poor reception. */
  const slowDown = async (page: Page) => {
    const session = await page.context().newCDPSession(page);
    await session.send('Network.enable');
    await session.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 1500,
      downloadThroughput: 4000,
      uploadThroughput: 4000,
    });
  };

  it('sends the page’s own form over a slow network, with the attribution of the first visit', async () => {
    const page = await land();
    await slowDown(page);
    await order(page, '8 916 000-00-01');
    await page.getByRole('button').click();
    await page.getByText('Спасибо').waitFor({ timeout: 30_000 });

    const [one] = await taken('+79160000001');
    expect(one).toMatchObject({ party: { name: 'Иван' }, line: { id: 'site' }, automatic: null });
    expect(one?.attribution).toMatchObject({
      source: 'yandex',
      medium: 'cpc',
      campaign: 'spring',
      page: `${shop}/order`,
      ids: { yclid: '77', first_source: 'yandex', first_campaign: 'spring' },
    });
    expect(pages.complaints).toEqual([]);
  });

  it('keeps a form while the gateway is down, and sends it once when it is back', async () => {
    const page = await land();
    await order(page, '89160000002');
    await gateway.kill();
    await page.getByRole('button').click();
    await page.getByText('Нет связи').waitFor();
    // One minute of failing attempts.
    await page.waitForTimeout(60_000);
    await start();
    await page.getByText('Спасибо').waitFor({ timeout: 90_000 });
    await arrives('+79160000002');
    // The next page looks for waiting forms and finds none.
    await page.goto(`${shop}/order`);
    await page.waitForTimeout(1000);
    expect(await taken('+79160000002')).toMatchObject([{ attribution: { campaign: 'spring' } }]);
    expect(pages.complaints).toEqual([]);
  });

  it('sends a form left by a closed page from the next one, and only once from two pages', async () => {
    const page = await land();
    await order(page, '89160000003');
    await gateway.kill();
    await page.getByRole('button').click();
    await page.getByText('Нет связи').waitFor();
    const context = page.context();
    await page.close();
    await start();
    const two = await Promise.all([context.newPage(), context.newPage()]);
    await Promise.all(two.map((one) => one.goto(`${shop}/order`)));
    await arrives('+79160000003');
    await two[0]?.waitForTimeout(1500);
    expect(await taken('+79160000003')).toHaveLength(1);
  });

  it('draws a form, a call-back request, and the visit’s own number', async () => {
    const page = await land();
    await page.goto(`${shop}/drawn`);
    await page.getByRole('link', { name: '+7 495 123 00 0' }).waitFor();
    expect(await page.getByRole('link').getAttribute('href')).toMatch(/^tel:\+7495123000[12]$/);
    const [form, callback] = await page.locator('form').all();
    await form?.getByLabel('Телефон').fill('89160000004');
    await form?.getByLabel('Комментарий').fill('Перезвоните завтра');
    await form?.getByRole('checkbox').check();
    await form?.getByRole('button', { name: 'Отправить' }).click();
    await form?.getByText('Спасибо').waitFor();
    await callback?.getByLabel('Телефон').fill('89160000005');
    await callback?.getByRole('button', { name: 'Перезвоните мне' }).click();
    await callback?.getByText('Спасибо').waitFor();

    expect((await taken('+79160000004'))[0]?.text).toMatch(/данных: 20\S+Z, версия 5 \(«Согласен»\)/);
    expect((await taken('+79160000005'))[0]).toMatchObject({
      subject: 'Заказ обратного звонка',
      attribution: { ids: { request: 'callback' } },
    });
    expect(
      await page.locator('.patchbay').first().evaluate('getComputedStyle(document.querySelector(".patchbay")).display'),
    ).toBe('grid');
    expect(pages.complaints).toEqual([]);
  });
});
