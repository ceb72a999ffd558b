import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { TelegramServer } from '../support/telegram-server.ts';
import { type DeskOffice, openDeskOffice, password } from './browser/desk-office.ts';
import { createAdministrator, type State } from './browser/first-login.ts';
import { accessibilityFaults, launch, Pages, scrollsSideways } from './browser/pages.ts';

const answers = [
  {
    id: 'hello',
    title: 'Приветствие',
    text: 'Здравствуйте, {contact.name}! Меня зовут {manager.name}, доб. {manager.extension}.',
    language: 'ru',
  },
  { id: 'hello-en', title: 'Greeting', text: 'Hello! This is {manager.name} of {company}.', language: 'en' },
  { id: 'price', title: 'Прайс', text: 'Прайс для {client.name} на линии «{line}»' },
];

describe('the list of conversations and canned answers in a real browser', () => {
  let office: DeskOffice;
  let browser: Browser;
  let pages: Pages;
  let anna: State;
  const telegram = new TelegramServer();

  beforeAll(async () => {
    const bot = { kind: 'telegram', token: telegram.token, api: await telegram.listen() };
    [office, browser] = await Promise.all([openDeskOffice({ bot }, { answers }), launch()]);
    pages = new Pages(browser);
    await createAdministrator(office, pages);
  });
  afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));
  afterAll(async () => {
    await browser?.close();
    await office?.close();
    await telegram.close();
  });

  const open = async (path: string, options: BrowserContextOptions = {}): Promise<Page> => {
    const page = await pages.open({ storageState: anna, ...options });
    await page.goto(office.url + path);
    await page.locator('.link.online').waitFor();
    return page;
  };
  const post = (page: Page, path: string, body?: object) =>
    page.evaluate(
      async ([to, text]) => {
        const headers: Record<string, string> = text === '' ? {} : { 'content-type': 'application/json' };
        await fetch(`/api/v1${to}`, { method: 'POST', headers, ...(text !== '' && { body: text }) });
      },
      [path, body === undefined ? '' : JSON.stringify(body)] as const,
    );
  const rows = (page: Page) => page.locator('.conversations .item');
  const row = (page: Page, name: string) => rows(page).filter({ hasText: name });
  const bulk = (page: Page) => page.getByRole('form', { name: 'Выбранные переписки' });

  it('has no accessibility faults on the login', async () => {
    const page = await pages.open();
    await page.goto(office.url);
    await page.getByLabel('Логин').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByLabel('Логин').fill('anna');
    await page.getByLabel('Пароль').fill(password);
    await page.keyboard.press('Enter');
    await page.locator('.link.online').waitFor();
    anna = await page.context().storageState();
  });

  it('lists what waits by filters that a reload and a link keep', async () => {
    const page = await open('/');
    for (const name of ['Ольга', 'Игорь', 'Мария'])
      await post(page, '/forms/site', { name, email: `${name.length}${name.codePointAt(0)}@example.org` });
    const chat = { id: 51, type: 'private', first_name: 'Вера' };
    const question = { message_id: 1, date: Math.floor(Date.now() / 1000), from: chat, chat, text: 'Какой цвет?' };
    telegram.updates.push({ update_id: 9, message: question } as TelegramServer['updates'][number]);
    await page.getByRole('region', { name: 'Новые обращения' }).locator('.item', { hasText: 'Вера' }).waitFor();

    await page.getByRole('link', { name: 'Переписка' }).click();
    await page.getByText('Здесь всем ответили.').waitFor();
    await page.getByRole('button', { name: 'Все 4' }).click();
    await row(page, 'Вера').waitFor();
    expect(await rows(page).count()).toBe(4);
    await page.getByLabel('Канал').selectOption('message');
    await vi.waitFor(async () => expect(await rows(page).count()).toBe(1));
    expect(new URL(page.url()).search).toBe('?scope=all&channel=message');
    await page.reload();
    await row(page, 'Вера').waitFor();
    expect(await rows(page).count()).toBe(1);
    await page.getByLabel('Ждут дольше').selectOption('60');
    await page.getByText('Здесь всем ответили.').waitFor();
    await page.goBack();
    await row(page, 'Вера').waitFor();
  });

  it('selects by keyboard, closes several at once, and says which could not be closed', async () => {
    const page = await open('/conversations?scope=all&channel=form');
    await row(page, 'Мария').waitFor();
    const first = rows(page).first().locator('a');
    const id = (await first.getAttribute('href'))?.split('/').at(-1);
    await first.focus();
    await page.keyboard.press('x');
    await page.keyboard.press('Shift+ArrowDown');
    await bulk(page).getByText('Выбраны 2').waitFor();
    const name = await rows(page).first().locator('.name').innerText();
    await post(page, `/interactions/${id}/close`);
    await bulk(page).getByRole('button', { name: 'Закрыть' }).click();
    await page.getByText('Готово: 1').waitFor();
    await page.getByText(`${name}: уже закрыта`).waitFor();
    await vi.waitFor(async () => expect(await rows(page).count()).toBe(1));
  });

  it('hands selected conversations over to a colleague', async () => {
    const page = await open('/conversations?scope=all&channel=form');
    await rows(page).getByRole('checkbox').first().check();
    await bulk(page).getByRole('combobox').selectOption('manager:petr');
    await bulk(page).getByRole('button', { name: 'Передать' }).click();
    await page.getByText('Готово: 1').waitFor();
    await row(page, 'Пётр Петров').waitFor();
  });

  it('inserts a canned answer by the keyboard only, with its gap selected, and sends it', async () => {
    const page = await open('/conversations?scope=all&channel=message');
    await row(page, 'Вера').locator('a').focus();
    await page.keyboard.press('Enter');
    const text = page.getByRole('textbox', { name: /Ответ/ });
    await text.waitFor();
    await text.focus();
    await page.keyboard.type('/');
    const options = page.getByRole('listbox', { name: 'Готовые ответы' }).getByRole('option');
    await options.first().waitFor();
    // The client writes Russian, so English answers come last.
    expect(await options.locator('b').allInnerTexts()).toEqual(['Приветствие', 'Прайс', 'Greeting']);
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await options.first().waitFor({ state: 'detached' });
    expect(await text.inputValue()).toBe('/');
    await page.keyboard.press('Backspace');
    await page.keyboard.type('/при');
    await options.first().waitFor();
    expect(await options.count()).toBe(1);
    await page.keyboard.press('Enter');
    expect(await text.inputValue()).toBe('Здравствуйте, Вера! Меня зовут Анна Иванова, доб. 101.');
    await page.keyboard.type(' /прайс');
    await options.first().waitFor();
    await page.keyboard.press('Tab');
    // The client is unknown, so the gap is selected; typing replaces it.
    const selected = '(({ value, selectionStart, selectionEnd }) => value.slice(selectionStart, selectionEnd))';
    const prices = 'Прайс для [клиент] на линии «bot»';
    await vi.waitFor(async () => expect(await text.inputValue()).toContain(prices));
    expect(await page.evaluate(`${selected}(document.activeElement)`)).toBe('[клиент]');
    await page.keyboard.type('Веры');
    const whole = 'Здравствуйте, Вера! Меня зовут Анна Иванова, доб. 101. Прайс для Веры на линии «bot»';
    expect(await text.inputValue()).toBe(whole);
    await page.keyboard.press('Control+Enter');
    await vi.waitFor(() => expect(telegram.messages).toMatchObject([{ chat: '51', text: whole }]), { timeout: 30_000 });
    await page.locator('.letter.ours', { hasText: 'доб. 101' }).waitFor();
  });

  it.each(['ru', 'en'])('has no accessibility faults and fits a phone, in %s', async (language) => {
    for (const path of ['/', '/conversations?scope=all&state=open', '/owed', 'card'] as const) {
      const page = await open(path === 'card' ? '/conversations?scope=all&state=open' : path);
      if (path === 'card') {
        await row(page, 'Вера').locator('a').click();
        await page.locator('.answer textarea').first().waitFor();
      }
      if (language === 'en') await page.getByRole('button', { name: 'English' }).click();
      if (path.includes('scope')) await rows(page).first().waitFor();
      expect([path, await accessibilityFaults(page)]).toEqual([path, []]);
      await page.setViewportSize({ width: 360, height: 740 });
      expect([path, await scrollsSideways(page)]).toEqual([path, false]);
      await page.context().close();
    }
  });

  it('causes no errors in the browser during these tests', () => {
    expect(pages.complaints).toEqual([]);
  });
});
