import { createHmac } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { TelegramServer } from '../support/telegram-server.ts';
import { WhatsappServer } from '../support/whatsapp-server.ts';
import { scriptedTemplate } from '../support/whatsapp-templates.ts';
import { type DeskOffice, openDeskOffice } from './browser/desk-office.ts';
import { createAdministrator, logInAnna, type State } from './browser/first-login.ts';
import { accessibilityFaults, launch, Pages, scrollsSideways } from './browser/pages.ts';

const appSecret = 'the app secret';
const hour = 3_600_000;
const buttons = { type: 'BUTTONS', buttons: [{ type: 'URL', text: 'Открыть', url: 'https://shop.example/{{1}}' }] };
const order = (language: string, body: string) =>
  scriptedTemplate(
    'order_ready',
    [{ type: 'HEADER', format: 'TEXT', text: 'Заказ {{1}}' }, { type: 'BODY', text: body }, buttons],
    { language },
  );

describe('message templates and the end of the time for free text in a real browser', () => {
  let office: DeskOffice;
  let browser: Browser;
  let pages: Pages;
  let anna: State;
  const whatsapp = new WhatsappServer();
  const telegram = new TelegramServer();

  beforeAll(async () => {
    whatsapp.root = await whatsapp.listen();
    whatsapp.templates = [
      order('en_US', '{{1}}, your order waits until {{2}}.'),
      order('ru', '{{1}}, заказ ждёт до {{2}}.'),
      scriptedTemplate('greeting', [{ type: 'BODY', text: 'Добрый день' }]),
      scriptedTemplate('bill', [
        { type: 'HEADER', format: 'DOCUMENT' },
        { type: 'BODY', text: 'Счёт' },
      ]),
    ];
    const wa = {
      kind: 'whatsapp',
      phoneNumberId: '1010',
      businessAccountId: '9090',
      token: whatsapp.token,
      appSecret,
      verifyToken: 'verify me',
      api: whatsapp.root,
    };
    const bot = { kind: 'telegram', token: telegram.token, api: await telegram.listen() };
    [office, browser] = await Promise.all([openDeskOffice({ wa, bot }), launch()]);
    pages = new Pages(browser);
    await createAdministrator(office, pages);
    anna = await logInAnna(office, pages);
  });
  afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));
  afterAll(async () => {
    await browser?.close();
    await office?.close();
    await whatsapp.close();
    await telegram.close();
  });

  /** A message of a client some time ago. */
  const came = async (phone: string, body: string, ago: number): Promise<void> => {
    const message = {
      from: phone,
      id: `wamid.${phone}.${ago}`,
      timestamp: String(Math.floor((Date.now() - ago) / 1000)),
      type: 'text',
      text: { body },
    };
    const metadata = { display_phone_number: '74951234567', phone_number_id: '1010' };
    const contacts = [{ profile: { name: 'Ольга' }, wa_id: phone }];
    const value = { messaging_product: 'whatsapp', metadata, contacts, messages: [message] };
    const sent = JSON.stringify({ entry: [{ id: 'WABA', changes: [{ field: 'messages', value }] }] });
    const signature = `sha256=${createHmac('sha256', appSecret).update(sent).digest('hex')}`;
    const headers = { 'content-type': 'application/json', 'x-hub-signature-256': signature };
    const answer = await fetch(`${office.url}/api/v1/hooks/wa`, { method: 'POST', headers, body: sent });
    expect(answer.status).toBe(200);
  };
  const open = async (name: string): Promise<Page> => {
    const page = await pages.open({ storageState: anna });
    await page.goto(`${office.url}/conversations?scope=all&state=open&channel=message`);
    const row = page.locator('.conversations .item').filter({ hasText: name });
    await row.locator('a').focus();
    await page.keyboard.press('Enter');
    await page.locator('.conversation').waitFor();
    return page;
  };
  const free = (page: Page) => page.locator('.conversation').getByRole('textbox', { name: /^Ответ/ });
  const chooser = (page: Page) => page.getByRole('combobox', { name: 'Найти шаблон' });
  const field = (page: Page, name: string) => page.getByRole('combobox', { name, exact: true });
  const last = () => whatsapp.messages.at(-1)?.template;

  it('shows until when free text is taken, and then offers templates only', async () => {
    await came('79990000001', 'Когда будет заказ?', 24 * hour - 600_000);
    const page = await open('Ромашка');
    await page.getByText(/Обычный текст – до .*, потом только шаблон/).waitFor();
    await free(page).waitFor();
    // The page's clock runs ahead of the server's, as when the time passes while the card is open.
    await page.clock.install();
    await page.reload();
    await free(page).waitFor();
    await page.clock.fastForward(1_200_000);
    await page.getByText('Сейчас можно отправить только шаблон').waitFor();
    await free(page).waitFor({ state: 'detached' });
    await chooser(page).waitFor();
  });

  it('chooses and fills in a template by the keyboard only, and sends it', async () => {
    await came('79990000005', 'Какой статус?', 30 * hour);
    const page = await open('Товарищество');
    await page.getByText('Сейчас можно отправить только шаблон').waitFor();
    expect(await free(page).count()).toBe(0);
    await chooser(page).focus();
    await page.keyboard.type('ord');
    const options = page.getByRole('listbox', { name: 'Шаблоны' }).getByRole('option');
    await options.first().waitFor();
    expect(await options.locator('b').allInnerTexts()).toEqual(['order_ready']);
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.keyboard.press('Enter');
    // The client writes Russian.
    const language = page.getByLabel('Язык шаблона');
    expect(await language.inputValue()).toBe('ru');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.type('77');
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowDown');
    const values = page.getByRole('listbox', { name: 'Подставить' }).getByRole('option');
    await values.first().waitFor();
    const known = await values.locator('.quiet').allInnerTexts();
    expect(known.slice(0, 3)).toEqual(['клиент', 'имя', 'менеджер']);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    expect(await field(page, 'Текст: 1').inputValue()).toBe('Ольга');
    await page.keyboard.press('Enter');
    // Without the other values nothing is sent, and each field says what it lacks.
    await page.getByText('Заполните поле').first().waitFor();
    expect(await page.getByText('Заполните поле').count()).toBe(2);
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.keyboard.press('Tab');
    await page.keyboard.type('19:00');
    await page.keyboard.press('Tab');
    await page.keyboard.type('o77');
    const preview = page.getByRole('region', { name: 'Что увидит клиент' });
    await preview.getByText('Ольга, заказ ждёт до 19:00.').waitFor();
    await preview.getByText('https://shop.example/o77').waitFor();
    await page.reload();
    await preview.getByText('Ольга, заказ ждёт до 19:00.').waitFor();
    await field(page, 'Кнопка «Открыть»').focus();
    await page.keyboard.press('Enter');
    const parameters = [
      { type: 'text', text: 'Ольга' },
      { type: 'text', text: '19:00' },
    ];
    const url = { type: 'button', sub_type: 'url', index: '0', parameters: [{ type: 'text', text: 'o77' }] };
    await vi.waitFor(
      () =>
        expect(last()).toEqual({
          name: 'order_ready',
          language: { code: 'ru' },
          components: [
            { type: 'header', parameters: [{ type: 'text', text: '77' }] },
            { type: 'body', parameters },
            url,
          ],
        }),
      { timeout: 30_000 },
    );
    await page.locator('.conversation .letter.ours', { hasText: 'Ольга, заказ ждёт до 19:00.' }).waitFor();
  });

  it('writes first to a client by a template with a file, and says why other messengers do not work', async () => {
    const page = await pages.open({ storageState: anna });
    await page.goto(office.url);
    await page.locator('.link.online').waitFor();
    const call = office.call('+79990000004');
    await page.locator('.card.ringing').waitFor();
    await call.end();
    await page.getByRole('button', { name: 'Написать в мессенджер' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('Telegram: Telegram разрешает боту писать только тем, кто его запустил').waitFor();
    expect(await page.getByLabel('Куда').locator('option').allInnerTexts()).toEqual([
      'WhatsApp · +7 999 000-00-04 – только шаблон',
    ]);
    await chooser(page).focus();
    await page.keyboard.type('счёт');
    await page.keyboard.press('Enter');
    await page.getByText('Здесь будет файл').waitFor();
    await page.getByRole('button', { name: 'Отправить шаблон' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('Шаблону нужен один файл').waitFor();
    const file = { name: 'счёт.pdf', mimeType: 'application/pdf', buffer: Buffer.from('pdf') };
    await page.getByLabel('Файл для шаблона').setInputFiles(file);
    await page.getByRole('button', { name: 'Отправить шаблон' }).focus();
    await page.keyboard.press('Enter');
    await vi.waitFor(() => expect(last()).toMatchObject({ name: 'bill' }), { timeout: 30_000 });
    expect(whatsapp.messages.at(-1)).toMatchObject({ to: '79990000004' });
    // The answer of the client goes on in the same conversation.
    await page.locator('.conversation .letter.ours .chip', { hasText: 'Отправлено' }).waitFor();
    await came('79990000004', 'Спасибо, получили', 0);
    await page.locator('.conversation .letter.theirs', { hasText: 'Спасибо, получили' }).waitFor();
    await page.getByText(/Обычный текст – до/).waitFor();
  });

  it.each(['ru', 'en'])('has no accessibility faults and fits a phone, in %s', async (language) => {
    const page = await open('Товарищество');
    await chooser(page).waitFor();
    if (language === 'en') await page.getByRole('button', { name: 'English' }).click();
    await page.setViewportSize({ width: 360, height: 740 });
    const name = language === 'en' ? 'Find a template' : 'Найти шаблон';
    await page.getByRole('combobox', { name }).first().fill('order');
    await page.keyboard.press('Enter');
    await page
      .getByRole('button', { name: language === 'en' ? 'Write to a messenger' : 'Написать в мессенджер' })
      .click();
    await page.getByText(language === 'en' ? 'You cannot write here:' : 'Написать не получится:').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(await scrollsSideways(page)).toBe(false);
  });

  it('causes no errors in the browser during these tests', () => {
    expect(pages.complaints).toEqual([]);
  });
});
