import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { contactOf } from '../../src/connectors/mail/contact.ts';
import { readWhole } from '../../src/connectors/mail/imap/read-letter.ts';
import type { WrittenContact } from '../../src/domain/written/written-contact.ts';
import { inProcessJobs } from '../../src/runtime/jobs/job.ts';
import { FileBlobs } from '../../src/store/blobs/file-blobs.ts';
import { mailSettings } from '../connectors/mail/support.ts';
import { client } from '../support/calls.ts';
import { type Office, openOffice, staff } from '../support/office.ts';
import { launch, Pages, poorContrast } from './browser/pages.ts';
import { openTrap, type Trap, watch } from './xss/trap.ts';
import { vectors } from './xss/vectors.ts';

/** Number of letters shown at once in a conversation at the desk. */
const shownAtOnce = 50;

// `PATCHBAY_XSS=all` shows every letter in the desk instead of every sixth.
const inDesk = vectors.flatMap((one, i) => (process.env.PATCHBAY_XSS === 'all' || i % 6 === 0 ? [{ ...one, i }] : []));

describe('letters in a real browser', { timeout: 180_000 }, () => {
  let office: Office;
  let browser: Browser;
  let pages: Pages;
  let trap: Trap;
  let session: string;
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-letters-'));
  const blobs = new FileBlobs(folder);
  beforeAll(async () => {
    const webRoot = fileURLToPath(new URL('../../dist/web', import.meta.url));
    [office, browser, trap] = await Promise.all([
      openOffice({ blobs, settings: { webRoot } }),
      launch(),
      openTrap(vectors),
    ]);
    pages = new Pages(browser);
    session = await office.login('anna');
    const identifiers = [{ kind: 'email', value: 'ivan@client.example' }] as const;
    const whole = client('c', [], { name: 'ООО «Ромашка»', responsible: 'm1', identifiers });
    await office.intake.apply([{ op: 'put-clients', clients: [whole], at: Date.now() }]);
  });
  beforeEach(() => trap.renew());
  afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));
  afterAll(async () => {
    await browser?.close();
    await Promise.all([office?.close(), trap?.close()]);
    await rm(folder, { recursive: true });
  });

  /** A letter with this HTML, processed in full like one from a mailbox. */
  async function letter(id: string, html: string, more: Partial<WrittenContact> = {}): Promise<WrittenContact> {
    const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
    const part = (type: string, content: string) =>
      `--b\r\nContent-Type: ${type}\r\nContent-ID: <logo@x>\r\nContent-Transfer-Encoding: base64\r\n\r\n${content}\r\n`;
    const head = `From: Ivan <ivan@client.example>\r\nTo: sales@our.example\r\nMessage-ID: <${id}>\r\nSubject: ${id}\r\n`;
    const body = `${part('text/html; charset=utf-8', Buffer.from(html).toString('base64'))}${part('image/png', png)}--b--\r\n`;
    const raw = Buffer.from(`${head}Content-Type: multipart/related; boundary=b\r\n\r\n${body}`, 'latin1');
    const read = await readWhole(raw, Date.now(), { blobs, maxFileBytes: 1e6, log: office.log, jobs: inProcessJobs });
    return { ...contactOf(read, { connection: 'sales', role: 'inbox', config: mailSettings(), staff }), ...more };
  }

  /** Anna's desk, connected. */
  async function desk(options: BrowserContextOptions = {}): Promise<Page> {
    const [name = '', value = ''] = session.split('=');
    const cookie = { name, value, domain: '127.0.0.1', path: '/', expires: -1, httpOnly: true, secure: false };
    const storageState = { cookies: [{ ...cookie, sameSite: 'Strict' as const }], origins: [] };
    const page = await pages.open({ storageState, ...options });
    await page.goto(office.url);
    await page.locator('.link.online').waitFor();
    return page;
  }

  /** Letters of one conversation, each with one of the vectors between two words. */
  function conversation(from: number): Promise<readonly WrittenContact[]> {
    return Promise.all(
      inDesk.slice(from, from + shownAtOnce).map(({ html, i }) => {
        const content = `<p>before</p>${html(...trap.aims(i))}<p>behind</p>`;
        return letter(`attack-${i}@x`, content, { thread: `attack ${from}` });
      }),
    );
  }

  /** All letters outside the desk, each in its own frame: as received, or sanitised but without any other protection. */
  async function bare(kind: 'raw' | 'safe') {
    const page = await new Pages(browser).open();
    const watched = watch(page.context());
    await page.goto(`${trap.url}/all/${kind}`, { waitUntil: kind === 'raw' ? 'commit' : 'load', timeout: 60_000 });
    if (kind === 'safe') await flushConsole(page);
    return watched;
  }

  /** Resolves when all console messages of the page so far have arrived. */
  async function flushConsole(page: Page): Promise<void> {
    const marker = page.waitForEvent('console', (message) => message.text() === 'over');
    await page.evaluate("console.log('over')");
    await marker;
  }

  it('execute and fetch when not sanitised, so the attacks are real', async () => {
    const { ran } = await bare('raw');
    await vi.waitFor(() => expect([ran.size > 60, trap.fetched.size > 30]).toEqual([true, true]), { timeout: 60_000 });
  });

  it('execute and fetch nothing once sanitised, even without other protection', async () => {
    const watched = await bare('safe');
    expect(names(watched.ran)).toEqual([]);
    expect([...watched.asked].filter((url) => !/\/(all\/safe|safe\/\d+)$|^data:|favicon/.test(url))).toEqual([]);
    expect([names(trap.fetched), watched.opened]).toEqual([[], []]);
  });

  it('execute and fetch nothing in the desk', async () => {
    const conversations = await Promise.all(
      Array.from({ length: Math.ceil(inDesk.length / shownAtOnce) }, (_, n) => conversation(n * shownAtOnce)),
    );
    // The last letter of each conversation arrives while the desk is open, and opens its card.
    const before = conversations.flatMap((letters) => letters.slice(0, -1));
    await office.intake.apply(before.map((event) => ({ op: 'contact', event }) as const));
    const page = await desk({ viewport: { width: 1280, height: 8000 } });
    const watched = watch(page.context());
    // Small enough that all frames are near the viewport and get loaded.
    await page.addStyleTag({ content: '.letter iframe { height: 30px !important }' });
    for (const letters of conversations) {
      for (const event of letters.slice(-1)) await office.intake.emit(event);
      await page
        .locator('.letter')
        .nth(letters.length - 1)
        .waitFor();
      await page.evaluate(`for (const one of document.querySelectorAll('.views [aria-pressed=false]')) one.click()`);
      await page
        .locator('.letter iframe')
        .nth(letters.length - 1)
        .waitFor();
      await vi.waitFor(() => expect(page.frames()).toHaveLength(letters.length + 1), { timeout: 20_000 });
      await Promise.all(page.frames().map((frame) => frame.waitForLoadState('load', { timeout: 60_000 })));
      expect(await page.frames().at(-1)?.evaluate('document.body.innerText')).toMatch(/^before[\s\S]*behind$/);
      await page.evaluate(`document.querySelector('.card .close').click()`);
      await page.locator('.letter').first().waitFor({ state: 'detached' });
    }
    await flushConsole(page);
    expect([names(watched.ran), names(trap.fetched), watched.opened]).toEqual([[], [], []]);
    expect([...watched.asked].filter((url) => !url.startsWith(office.url) && !url.startsWith('data:'))).toEqual([]);
  });

  it('are shown as written, with external images only on request and quotations folded', async () => {
    const page = await desk();
    const tracked = `<img src="${trap.aims(0)[1]}" alt="Чужая">`;
    const quoted = '<div class="gmail_quote">Иван пишет:<blockquote>Сколько стоит?</blockquote></div>';
    await office.intake.emit(
      await letter(
        'look@x',
        `<p style="color:rgb(200,0,0)">Десять <b>штук</b></p><img src="cid:logo@x" alt="Знак">${tracked}${quoted}`,
      ),
    );
    const frame = page.frameLocator('.letter iframe');
    await frame.getByText('Десять штук').waitFor();
    const inside = page.frames()[1];
    expect(await inside?.evaluate("getComputedStyle(document.querySelector('p')).color")).toBe('rgb(200, 0, 0)');
    expect(await inside?.evaluate('document.images[0].naturalWidth')).toBe(1);
    expect(await frame.getByText('Сколько стоит?').isVisible()).toBe(false);
    await frame.getByText('Показать цитату').click();
    await frame.getByText('Сколько стоит?').waitFor();
    expect([...trap.fetched]).toEqual([]);

    await page.getByRole('button', { name: 'Показать картинки' }).click();
    await vi.waitFor(() => expect([...trap.fetched]).toEqual([0]), 20_000);
    await page.getByRole('button', { name: 'Только текст' }).click();
    await page.locator('.letter .text', { hasText: 'Десять штук' }).waitFor();
  });

  it.each(['light', 'dark'] as const)('are readable on a desk in %s colours and in English', async (colorScheme) => {
    const page = await desk({ colorScheme, locale: 'en-US' });
    await office.intake.emit(await letter(`${colorScheme}@x`, '<p>Plain</p><a href="https://shop.example/">link</a>'));
    const frame = page.frameLocator('.letter iframe');
    await frame.getByText('Plain').waitFor();
    await page.getByRole('button', { name: 'Text only' }).waitFor();
    const background = await page.frames()[1]?.evaluate('getComputedStyle(document.body).backgroundColor');
    expect(background).toBe(colorScheme === 'dark' ? 'rgb(27, 32, 42)' : 'rgb(255, 255, 255)');
    expect(await poorContrast(page)).toEqual([]);
  });

  it('are answered to everybody who got them, by keyboard only and through a reload', async () => {
    const page = await desk();
    const others = [{ email: 'buh@client.example', name: null }];
    await office.intake.emit(await letter('all@x', '<p>Кому счёт?</p>', { others }));
    await page.getByRole('button', { name: 'Ответить всем' }).focus();
    await page.keyboard.press('Enter');
    const hidden = page.getByRole('textbox', { name: 'Скрытые копии' });
    await hidden.focus();
    await page.keyboard.type('шеф');
    await page.getByRole('textbox', { name: /^Ответ/ }).focus();
    await page.keyboard.type('Обоим');
    expect(await hidden.getAttribute('aria-invalid')).toBe('true');
    expect(await page.getByRole('button', { name: 'Отправить' }).isDisabled()).toBe(true);
    await hidden.fill('boss@our.example');
    await page.reload();
    await page.getByRole('textbox', { name: /^Ответ/ }).focus();
    expect(await poorContrast(page)).toEqual([]);
    await page.keyboard.press('Control+Enter');
    await vi.waitFor(async () => {
      const [due] = await office.store.read.outboundDue('sales', Date.now() + 1000, 10);
      expect(due?.content).toMatchObject({ text: 'Обоим', cc: ['buh@client.example'], bcc: ['boss@our.example'] });
    }, 20_000);
  });

  it('cause no errors in the desk', () => {
    expect(pages.complaints).toEqual([]);
  });

  const names = (found: ReadonlySet<number>) => [...found].map((i) => `${i} ${vectors[i]?.html('RUN', 'URL')}`);
});
