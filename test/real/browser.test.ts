import { spawnSync } from 'node:child_process';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { TelegramServer } from '../support/telegram-server.ts';
import { companyZone, type DeskOffice, hostile, openDeskOffice, password } from './browser/desk-office.ts';
import { launch, Pages, poorContrast, scrollsSideways } from './browser/pages.ts';

type State = Exclude<BrowserContextOptions['storageState'], string | undefined>;

describe('the operator’s page in a real browser', () => {
  let office: DeskOffice;
  let browser: Browser;
  let pages: Pages;
  let anna: State;
  const telegram = new TelegramServer();
  beforeAll(async () => {
    const bot = { kind: 'telegram', token: telegram.token, api: await telegram.listen() };
    [office, browser] = await Promise.all([openDeskOffice({ bot }), launch()]);
    pages = new Pages(browser);
  });
  afterEach(async () => {
    await office.endCalls();
    await Promise.all(browser.contexts().map((context) => context.close()));
  });
  afterAll(async () => {
    await browser?.close();
    await office?.close();
    await telegram.close();
  });

  const ring: DeskOffice['call'] = (from, change) => office.call(from, change);
  /** Anna's desk, connected. */
  const desk = async (options: BrowserContextOptions = {}): Promise<Page> => {
    const page = await pages.open({ storageState: anna, ...options });
    await page.goto(office.url);
    await page.locator('.link.online').waitFor();
    return page;
  };
  const heading = (page: Page, name: string) => page.locator('.card h1', { hasText: name }).waitFor();

  it('creates the first administrator with the set-up code', async () => {
    const page = await pages.open();
    await page.goto(office.setupUrl);
    await page.getByRole('heading', { name: 'Первый вход' }).waitFor();
    await page.getByLabel('Логин').fill('root');
    await page.getByLabel('Пароль').fill('long-enough');
    await page.getByRole('button', { name: 'Создать' }).click();

    await page.getByText('Учётная запись не связана с менеджером').waitFor();
    expect(page.url()).not.toContain('setup');
    await office.fill();
  });

  it('rejects a wrong password and accepts the right one', async () => {
    const page = await pages.open();
    await page.goto(office.url);
    await page.getByLabel('Логин').fill('anna');
    await page.getByLabel('Пароль').fill('guessed');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').filter({ hasText: 'не подошли' }).waitFor();
    await page.getByLabel('Пароль').fill(password);
    await page.keyboard.press('Enter');

    await page.getByText('Сейчас никто не звонит').waitFor();
    await page.locator('.link.online').waitFor();
    anna = await page.context().storageState();
  });

  it('shows the client’s card with deals and history while the call rings', async () => {
    const page = await desk();
    const before = ring('79990000001');
    await heading(page, 'ООО «Ромашка»');
    await before.end();
    await page.locator('.card.answered').waitFor();
    await page.getByRole('button', { name: 'Закрыть' }).click();
    ring('79990000001');

    await page.locator('.card.ringing').waitFor();
    const card = page.locator('.card');
    expect(await card.innerText()).toMatch(
      /Ромашка[\s\S]*\+7 999 000-00-01[\s\S]*Казань[\s\S]*Поставка № 7[\s\S]*Договор/,
    );
    expect(await card.locator('.list .row').count()).toBe(1);
    expect(await page.title()).toContain('Ромашка');
  });

  it('lets the operator choose a candidate, write a note and set the outcome by keyboard', async () => {
    const page = await desk();
    ring('79990000002', { ringMs: 500 });
    await page.getByText('Кто это? Номер есть у нескольких клиентов:').waitFor();
    const second = await page.locator('.candidates li').nth(1).locator('span').first().innerText();
    await page.keyboard.press('2');
    await heading(page, second);
    await page.getByRole('textbox', { name: 'Заметка' }).focus();
    await page.keyboard.type('Ждёт счёт 2');
    await page.keyboard.press('Control+Enter');
    await page.locator('.note', { hasText: 'Ждёт счёт 2' }).waitFor();
    const sale = page.getByRole('button', { name: 'Продажа' });
    await sale.focus();
    await page.keyboard.press('Space');

    await page.locator('.outcome [aria-pressed=true]', { hasText: 'Продажа' }).waitFor();
    expect(await page.locator('.card h1').innerText()).toBe(second);
  });

  it('keeps an unfinished note when another call takes its place, and over a reload', async () => {
    const page = await desk();
    const first = ring('79990000001');
    await heading(page, 'Ромашка');
    await first.end();
    await page.locator('.card.answered').waitFor();
    const note = page.getByRole('textbox', { name: 'Заметка' });
    await note.fill('Просил двадцать нас');
    ring('+4930901820');
    await heading(page, 'Muster GmbH');
    expect(await note.inputValue()).toBe('');
    await page.locator('.tab', { hasText: 'Ромашка' }).click();
    await heading(page, 'Ромашка');
    expect(await note.inputValue()).toBe('Просил двадцать нас');
    await page.reload();
    await page.locator('.row', { hasText: 'Ромашка' }).first().click();
    await heading(page, 'Ромашка');
    expect(await note.inputValue()).toBe('Просил двадцать нас');
  });

  it('asks for permission, and shows a notification only while the page is hidden', async () => {
    const page = await desk();
    await page.getByRole('button', { name: 'Включить уведомления' }).click();
    const seen = ring('79990000001');
    await heading(page, 'Ромашка');
    await seen.end();
    await page.evaluate('window.away = true');
    ring('+4930901820');
    await heading(page, 'Muster GmbH');

    expect(await page.evaluate('window.shown')).toEqual([{ title: 'Muster GmbH', body: 'Звонит · Основной номер' }]);
  });

  it('reconnects after a restart; a call that ended meanwhile is an update, not a pop-up', async () => {
    const page = await pages.open({ storageState: anna });
    const types: string[] = [];
    page.on('websocket', (socket) =>
      socket.on('framereceived', ({ payload }) => types.push((JSON.parse(String(payload)) as { type: string }).type)),
    );
    await page.goto(office.url);
    await page.locator('.link.online').waitFor();
    const call = ring('79990000001');
    await heading(page, 'Ромашка');
    await office.down();
    await page.getByText('Связь потеряна').waitFor();
    await call.end();
    await office.up();
    await page.locator('.link.online').waitFor();

    await page.locator('.card:not(.ringing):not(.talking)').waitFor();
    expect(types.filter((type) => type === 'pop')).toHaveLength(1);
    expect(types.slice(types.lastIndexOf('hello'))).toContain('update');
    ring('79990000002');
    await page.locator('.card.ringing').waitFor();
  });

  it('lists my calls of today in the company’s time zone, not the browser’s', async () => {
    const page = await desk();
    const row = page.locator('.today .row').first();
    await row.waitFor();
    const at = new Date((await row.locator('time').getAttribute('datetime')) ?? '');
    const time = new Intl.DateTimeFormat('ru', { timeZone: companyZone, hour: '2-digit', minute: '2-digit' });

    expect(await row.locator('time').innerText()).toBe(time.format(at));
    await row.click();
    await page.locator('.card .facts').waitFor();
  });

  it('shows the device states of colleagues', async () => {
    const page = await desk();
    const petr = page.locator('.colleagues li', { hasText: 'Пётр Петров' });

    office.pbx.ami.event('DeviceStateChange', { Device: 'PJSIP/102', State: 'INUSE' });
    await petr.filter({ hasText: 'Говорит' }).waitFor();
    office.pbx.ami.event('DeviceStateChange', { Device: 'PJSIP/102', State: 'NOT_INUSE' });
    await petr.filter({ hasNotText: 'Говорит' }).waitFor();

    // The operator is not listed among the colleagues.
    expect(await page.locator('.colleagues li').count()).toBe(1);
  });

  it('switches between Russian and English, and remembers the choice', async () => {
    const page = await desk();
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('heading', { name: 'My calls today' }).waitFor();
    await page.reload();

    await page.getByRole('heading', { name: 'My calls today' }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    expect(await page.locator('body').innerText()).not.toMatch(/Выйти|Тема|Коллеги/);
  });

  it('calls a number on the card by keyboard and shows the progress', async () => {
    const page = await desk();
    const before = ring('79990000001');
    await heading(page, 'Ромашка');
    await before.end();
    await page.locator('.card.answered').waitFor();
    await page.locator('.sub').getByRole('button', { name: 'Позвонить: +7 999 000-00-01' }).focus();
    await page.keyboard.press('Enter');
    const call = await office.asked();
    expect(call.number).toBe('79990000001');
    const status = page.locator('.calling');
    await status.filter({ hasText: '+7 999 000-00-01 Звонит ваш телефон' }).waitFor();
    call.take(true);
    await status.filter({ hasText: 'Вызываем клиента' }).waitFor();
    expect(await poorContrast(page)).toEqual([]);
    call.answer(true);
    await status.filter({ hasText: 'Разговор' }).waitFor();
    await page.locator('.card.talking h1', { hasText: 'Ромашка' }).waitFor();
    call.hangUp();
    await status.filter({ hasText: 'Разговор окончен' }).waitFor();

    // Numbers in the history can be called too, and one key calls from the open card.
    await page
      .locator('.facts-of-client .item')
      .first()
      .getByRole('button', { name: /Позвонить/ })
      .click();
    const second = await office.asked();
    second.take(false);
    await status.filter({ hasText: /не сняли трубку|не принял звонок/ }).waitFor();
    await page.locator('.card:not(.ringing)').waitFor();
    await page.keyboard.press('Alt+c');
    const third = await office.asked();
    third.take(true);
    third.answer(false);
    await status.filter({ hasText: 'Клиент не ответил' }).waitFor();
    await status.getByRole('button', { name: 'Закрыть' }).click();
    await status.waitFor({ state: 'detached' });
  });

  it.each(['light', 'dark'] as const)('is readable in %s colours', async (colorScheme) => {
    const page = await desk({ colorScheme });
    const first = ring('79990000001');
    await heading(page, 'Ромашка');
    await first.end();
    ring('79990000002');
    await page.locator('.tab').nth(1).waitFor();
    const background = await page.evaluate('getComputedStyle(document.body).backgroundColor');

    expect(background).toBe(colorScheme === 'dark' ? 'rgb(18, 21, 28)' : 'rgb(244, 245, 248)');
    expect(await poorContrast(page)).toEqual([]);
    await page.locator('.tab', { hasText: 'Ромашка' }).click();
    await heading(page, 'Ромашка');
    expect(await poorContrast(page)).toEqual([]);
  });

  it('fits a phone screen, even with long names', async () => {
    const page = await desk({ viewport: { width: 360, height: 740 } });
    expect(await scrollsSideways(page)).toBe(false);
    ring('79990000005');
    await heading(page, 'Товарищество');

    expect(await scrollsSideways(page)).toBe(false);
  });

  it('formats a foreign number as its country does', async () => {
    const page = await desk();
    ring('+4930901820');
    await heading(page, 'Muster GmbH');

    await page.locator('.sub span', { hasText: /^\+49 30 901820$/ }).waitFor();
  });

  it('never executes code in a name', async () => {
    const page = await desk();
    ring('79990000004', { name: '<b onclick=1>x' });
    await heading(page, '<img');

    expect(await page.locator('.card h1').innerText()).toBe(hostile);
    expect(await page.locator('.card img').count()).toBe(0);
    expect(await page.evaluate('window.hacked')).toBeUndefined();
  });

  it('causes no errors in the browser during these tests', () => {
    expect(pages.complaints).toEqual([]);
  });

  it('explains in both languages why a call was refused', async () => {
    const page = await desk();
    await page.locator('.today .row').first().click();
    await page.route('**/api/v1/calls', (route) => route.fulfill({ status: 409, json: { errors: [] } }));
    await page
      .locator('.sub')
      .getByRole('button', { name: /Позвонить/ })
      .click();
    await page.getByRole('alert').filter({ hasText: 'Звонки из программы не настроены' }).waitFor();
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('alert').filter({ hasText: 'not set up for click-to-call' }).waitFor();
  });

  it('hands a conversation over to a colleague, who sees it at once and closes it', async () => {
    const petrs = await pages.open();
    await petrs.goto(office.url);
    await petrs.getByLabel('Логин').fill('petr');
    await petrs.getByLabel('Пароль').fill(password);
    await petrs.keyboard.press('Enter');
    await petrs.locator('.link.online').waitFor();
    const page = await desk();
    await page.evaluate(async (startedAt) => {
      const whole = { channel: 'message', direction: 'inbound', email: 'maria@romashka.example', name: 'Мария' };
      const body = JSON.stringify({ ...whole, text: 'Где мой счёт?', startedAt });
      await fetch('/api/v1/interactions', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    }, new Date().toISOString());
    await heading(page, 'Ромашка');
    const inbox = (at: Page) => at.getByRole('region', { name: 'Мои переписки' }).locator('.item', { hasText: 'счёт' });
    const owed = (at: Page) => at.getByRole('region', { name: 'Мои задачи' }).locator('.item', { hasText: 'Ромашка' });
    await inbox(page).filter({ hasText: 'ждёт ответа' }).waitFor();
    await owed(page).waitFor();
    await page.getByRole('button', { name: 'Передать' }).click();
    await page.getByLabel('Кому передать').selectOption({ label: 'Пётр Петров' });
    await page.getByLabel('Что важно знать коллеге').fill('Счёт у Петра');
    await page.getByRole('form', { name: 'Передать' }).getByRole('button', { name: 'Передать' }).click();

    await heading(petrs, 'Ромашка');
    await petrs.locator('.handover', { hasText: 'Анна Иванова → Пётр Петров: Счёт у Петра' }).waitFor();
    await inbox(petrs).waitFor();
    await owed(petrs).waitFor();
    await inbox(page).waitFor({ state: 'detached' });
    await owed(page).waitFor({ state: 'detached' });
    expect(await poorContrast(petrs)).toEqual([]);
    await petrs.getByRole('button', { name: 'Закрыть переписку' }).click();
    await petrs.locator('.chip', { hasText: 'Закрыта' }).waitFor();
    await inbox(petrs).waitFor({ state: 'detached' });
    await owed(petrs).waitFor({ state: 'detached' });
  });

  it('shows which channel is down, since when and how many messages wait, until it works again', async () => {
    const page = await desk();
    const chat = { id: 42, type: 'private', first_name: 'Олег' };
    const question = { message_id: 1, date: Math.floor(Date.now() / 1000), from: chat, chat, text: 'Есть в наличии?' };
    telegram.updates.push({ update_id: 1, message: question } as TelegramServer['updates'][number]);
    const lead = page.getByRole('region', { name: 'Новые обращения' }).locator('.item', { hasText: 'Олег' });
    await lead.getByRole('button', { name: 'Взять' }).click();

    telegram.revoked = true;
    await page.getByRole('textbox', { name: /Ответ/ }).fill('Есть, привезём завтра');
    await page.getByRole('button', { name: 'Отправить' }).click();
    const trouble = page
      .getByRole('alert')
      .filter({ hasText: /Нет связи: Telegram \(bot\) с \d\d:\d\d, 1 сообщение ждёт отправки/ });
    await trouble.waitFor({ timeout: 60_000 });
    await trouble.getByTitle('Telegram не принимает наш ключ доступа').waitFor();
    expect(await poorContrast(page)).toEqual([]);

    telegram.revoked = false;
    await trouble.waitFor({ state: 'detached', timeout: 120_000 });
    await vi.waitFor(
      () => expect(telegram.messages).toEqual([{ chat: '42', text: 'Есть, привезём завтра', file: null }]),
      { timeout: 60_000 },
    );
  });

  it('lists an unanswered letter as a task, and lets an operator take the lead', async () => {
    const page = await desk();
    await page.evaluate(async (startedAt) => {
      const whole = { channel: 'email', direction: 'inbound', email: 'new@example.org', name: 'Мария' };
      const body = JSON.stringify({ ...whole, subject: 'Вопрос', text: 'Вы работаете в субботу?', startedAt });
      await fetch('/api/v1/interactions', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    }, new Date().toISOString());
    const lead = page.getByRole('region', { name: 'Новые обращения' }).locator('.item', { hasText: 'Мария' });
    await lead.getByRole('button', { name: 'Взять' }).click();
    await page.locator('.letter', { hasText: 'в субботу' }).waitFor();
    await lead.waitFor({ state: 'detached' });

    const owed = page.getByRole('region', { name: 'Мои задачи' }).locator('.item', { hasText: 'new@example.org' });
    await owed.getByRole('button', { name: /Сделано/ }).click();
    await owed.waitFor({ state: 'detached' });
  });

  it('offers numbers and addresses found in a text: link, add or dismiss them, and undo that', async () => {
    const page = await desk();
    const comment = 'Ответьте на 8 999 000-00-01, или секретарю +7 999 000-00-77 доб. 5, buh@firm.example';
    await page.evaluate(async (text) => {
      const body = JSON.stringify({ name: 'Ольга', email: 'olga@example.org', comment: text });
      await fetch('/api/v1/forms/site', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    }, comment);
    const lead = page.getByRole('region', { name: 'Новые обращения' }).locator('.item', { hasText: 'Ольга' });
    await lead.getByRole('button', { name: 'Взять' }).click();
    const found = page.getByRole('region', { name: 'Найдено в тексте' });
    const row = (text: string) => found.locator('li', { hasText: text });
    await row('+7 999 000-00-01').filter({ hasText: 'Уже есть у клиента: ООО «Ромашка»' }).waitFor();
    expect(await row('доб. 5').getByRole('button').allInnerTexts()).toEqual(['Не нужно']);

    await row('+7 999 000-00-01').getByRole('button', { name: 'Это ООО «Ромашка»' }).click();
    await heading(page, 'Ромашка');
    await row('+7 999 000-00-01').waitFor({ state: 'detached' });
    await row('доб. 5').getByRole('button', { name: 'Добавить клиенту' }).focus();
    await page.keyboard.press('Enter');
    await row('доб. 5').filter({ hasText: 'Добавлено: Анна Иванова' }).waitFor();
    await row('buh@firm.example').getByRole('button', { name: 'Не нужно' }).click();
    await row('buh@firm.example').filter({ hasText: 'Отклонено: Анна Иванова' }).waitFor();
    await row('доб. 5').getByRole('button', { name: 'Вернуть' }).click();
    await row('доб. 5').getByRole('button', { name: 'Добавить клиенту' }).waitFor();
    expect(await poorContrast(page)).toEqual([]);
    expect(await scrollsSideways(page)).toBe(false);
  });

  it('postpones a message by keyboard, takes it back with its file, and sends it at once', async () => {
    const page = await desk();
    const chat = { id: 44, type: 'private', first_name: 'Нина' };
    const question = { message_id: 1, date: Math.floor(Date.now() / 1000), from: chat, chat, text: 'Когда привезёте?' };
    telegram.updates.push({ update_id: 2, message: question } as TelegramServer['updates'][number]);
    const lead = page.getByRole('region', { name: 'Новые обращения' }).locator('.item', { hasText: 'Нина' });
    await lead.getByRole('button', { name: 'Взять' }).click();
    const field = page.getByRole('textbox', { name: /Ответ/ });
    await field.fill('Завтра к вечеру');
    const note = { name: 'план.txt', mimeType: 'text/plain', buffer: Buffer.from('17:00') };
    await page.locator('.answer input[type=file]').setInputFiles(note);
    const postpone = async () => {
      await page.getByRole('button', { name: 'Позже…' }).focus();
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Завтра в 9:00' }).focus();
      await page.keyboard.press('Enter');
      return page.locator('.letter.ours', { hasText: 'Завтра к вечеру' });
    };
    const waiting = await postpone();
    await waiting.getByText(/Уйдёт:.* 09:00/).waitFor();
    expect(await poorContrast(page)).toEqual([]);
    expect(await scrollsSideways(page)).toBe(false);
    await waiting.getByRole('button', { name: 'Отменить отправку' }).focus();
    await page.keyboard.press('Enter');
    await waiting.waitFor({ state: 'detached' });
    expect(await field.inputValue()).toBe('Завтра к вечеру');
    await page.locator('.answer .files', { hasText: 'план.txt' }).waitFor();

    await (await postpone()).getByText(/Уйдёт:/).waitFor();
    // After a reload the files are gone, the words are not.
    await page.reload();
    await waiting.getByRole('button', { name: 'Отменить отправку' }).click();
    await vi.waitFor(async () => expect(await field.inputValue()).toBe('Завтра к вечеру'), { timeout: 20_000 });
    await (await postpone()).getByRole('button', { name: 'Отправить сейчас' }).click();
    await vi.waitFor(
      () =>
        expect(telegram.messages.filter((one) => one.chat === '44')).toMatchObject([
          { text: 'Завтра к вечеру', file: null },
        ]),
      { timeout: 60_000 },
    );
    await waiting.locator('.chip', { hasText: 'Отправлено' }).waitFor();
  });

  it('records a voice note by keyboard, which Telegram gets as one, and whose sound another program decodes', async () => {
    const page = await desk();
    const chat = { id: 45, type: 'private', first_name: 'Лев' };
    const question = { message_id: 1, date: Math.floor(Date.now() / 1000), from: chat, chat, text: 'Как проехать?' };
    telegram.updates.push({ update_id: 3, message: question } as TelegramServer['updates'][number]);
    const lead = page.getByRole('region', { name: 'Новые обращения' }).locator('.item', { hasText: 'Лев' });
    await lead.getByRole('button', { name: 'Взять' }).click();
    const press = async (name: string) => {
      await page.getByRole('button', { name }).focus();
      await page.keyboard.press('Enter');
    };
    await press('Записать голосовое');
    await page.getByText('0:02').waitFor();
    await press('Удалить запись');
    expect(await page.locator('.answer .files').count()).toBe(0);
    await press('Записать голосовое');
    await page.getByText('0:02').waitFor();
    expect(await poorContrast(page)).toEqual([]);
    expect(await scrollsSideways(page)).toBe(false);
    await press('Закончить запись');
    await page.locator('.answer .files li', { hasText: 'voice.ogg' }).waitFor();
    // The browser itself can play what will be sent.
    await page.waitForFunction('document.querySelector(".answer .files audio").readyState > 0');
    await press('Отправить');
    await vi.waitFor(() => expect(telegram.voices.length).toBe(1), { timeout: 60_000 });
    const decoded = spawnSync('ffmpeg', ['-v', 'error', '-i', '-', '-f', 's16le', '-ar', '8000', '-ac', '1', '-'], {
      input: telegram.voices[0],
    });
    expect(decoded.stderr.toString()).toBe('');
    expect(decoded.stdout.length / 16_000).toBeGreaterThan(1);
    await page.locator('.letter.ours audio[aria-label="voice.ogg"]').waitFor();
  });

  it('sends a pasted picture without words into Telegram, and shows it in the conversation', async () => {
    const page = await desk();
    const chat = { id: 43, type: 'private', first_name: 'Вера' };
    const question = { message_id: 1, date: Math.floor(Date.now() / 1000), from: chat, chat, text: 'Какой цвет?' };
    telegram.updates.push({ update_id: 4, message: question } as TelegramServer['updates'][number]);
    const lead = page.getByRole('region', { name: 'Новые обращения' }).locator('.item', { hasText: 'Вера' });
    await lead.getByRole('button', { name: 'Взять' }).click();
    await page.getByRole('textbox', { name: /Ответ/ }).waitFor();
    await page.evaluate(`{
      const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
      const bytes = Uint8Array.from(atob(png), (one) => one.charCodeAt(0));
      const clipboardData = new DataTransfer();
      clipboardData.items.add(new File([bytes], 'цвет.png', { type: 'image/png' }));
      const paste = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
      document.querySelector('.answer textarea').dispatchEvent(paste);
    }`);
    await page.locator('.answer .files', { hasText: 'цвет.png' }).waitFor();
    await page.getByRole('button', { name: 'Отправить' }).click();
    await vi.waitFor(
      () =>
        expect(telegram.messages.filter((one) => one.chat === '43')).toMatchObject([
          { text: '', file: expect.stringContaining('PNG') },
        ]),
      { timeout: 60_000 },
    );
    const picture = page.locator('.letter.ours img[alt="цвет.png"]');
    await picture.waitFor();
    await vi.waitFor(async () =>
      expect(await page.evaluate("document.querySelector('.letter.ours img').naturalWidth")).toBe(1),
    );
    expect(await poorContrast(page)).toEqual([]);
  });
});
