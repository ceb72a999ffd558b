import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { TelegramServer } from '../support/telegram-server.ts';
import { VkServer } from '../support/vk-server.ts';
import { type DeskOffice, openDeskOffice } from './browser/desk-office.ts';
import { createAdministrator, logInAnna, type State } from './browser/first-login.ts';
import { accessibilityFaults, launch, Pages, poorContrast, scrollsSideways } from './browser/pages.ts';

const secret = 'the secret key';
const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const narrow = { width: 360, height: 740 };

describe('edits, deletions and marks of messages in a real browser', () => {
  let office: DeskOffice;
  let browser: Browser;
  let pages: Pages;
  let anna: State;
  const telegram = new TelegramServer();
  const vk = new VkServer();

  beforeAll(async () => {
    vk.root = await vk.listen();
    const bot = { kind: 'telegram', token: telegram.token, api: await telegram.listen(), markRead: 'answered' };
    const community = { kind: 'vk', group: '9', token: vk.token, secret, confirmation: 'c0nf', api: vk.root };
    const connectors = { bot, vk: { ...community, markRead: 'opened' } };
    [office, browser] = await Promise.all([openDeskOffice(connectors), launch()]);
    pages = new Pages(browser);
    await createAdministrator(office, pages);
    anna = await logInAnna(office, pages);
  });
  afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));
  afterAll(async () => {
    await browser?.close();
    await office?.close();
    await telegram.close();
    await vk.close();
  });

  const open = async (path = '/', options: BrowserContextOptions = {}): Promise<Page> => {
    const page = await pages.open({ storageState: anna, ...options });
    await page.goto(office.url + path);
    await page.locator('.link.online').waitFor();
    return page;
  };
  /** Takes the lead of somebody who has written. */
  const takeLead = async (page: Page, name: string) => {
    const lead = page.getByRole('region', { name: 'Новые обращения' }).locator('.item', { hasText: name });
    await lead.getByRole('button', { name: 'Взять' }).click();
    await page.getByRole('textbox', { name: /Ответ/ }).waitFor();
  };
  const reports = async (type: string, object: object) => {
    const body = JSON.stringify({ type, group_id: 9, secret, object });
    const answer = await fetch(`${office.url}/api/v1/hooks/vk`, { method: 'POST', body });
    expect(await answer.text()).toBe('ok');
  };
  const seconds = () => Math.floor(Date.now() / 1000);
  const looksRight = async (page: Page) => {
    expect([await poorContrast(page), await scrollsSideways(page)]).toEqual([[], false]);
  };

  it('shows the client of VK that we read and write, and the operator what the client does', async () => {
    const page = await open();
    const message = { id: 1, date: seconds(), peer_id: 42, from_id: 42, text: 'Какой цвет?' };
    await reports('message_new', { message });
    await takeLead(page, 'Ivan Petrov');
    await vi.waitFor(() => expect(vk.marks).toContain('read 42'), 20_000);

    await page.evaluate(`{
      const bytes = Uint8Array.from(atob('${png}'), (one) => one.charCodeAt(0));
      const clipboardData = new DataTransfer();
      clipboardData.items.add(new File([bytes], 'цвет.png', { type: 'image/png' }));
      const paste = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
      document.querySelector('.answer textarea').dispatchEvent(paste);
    }`);
    await page.getByRole('textbox', { name: /Ответ/ }).pressSequentially('Вот такой');
    await vi.waitFor(() => expect(vk.marks).toContain('typing 42'), 20_000);
    expect(vk.marks.filter((mark) => mark === 'typing 42')).toHaveLength(1);
    await page.locator('.answer .files', { hasText: 'цвет.png' }).waitFor();
    await page.getByRole('button', { name: 'Отправить' }).click();
    const photo = [{ peer: '42', text: 'Вот такой', attachment: 'photo-9_301' }];
    await vi.waitFor(() => expect(vk.messages).toMatchObject(photo), { timeout: 60_000 });
    expect(vk.photos[0]).toEqual(Buffer.from(png, 'base64'));
    const ours = page.locator('.letter.ours', { hasText: 'Вот такой' });
    await ours.locator('.chip', { hasText: 'Отправлено' }).waitFor();
    await ours.locator('img[alt="цвет.png"]').waitFor();

    await reports('message_typing_state', { state: 'typing', from_id: 42, to_id: -9 });
    await page.getByRole('status').filter({ hasText: 'Клиент печатает…' }).waitFor();
    await reports('message_read', { from_id: 42, peer_id: 42, read_message_id: 1 });
    await ours.locator('.chip', { hasText: 'Прочитано' }).waitFor();
    await looksRight(page);
  });

  it('shows earlier texts of an edited message on demand, in both languages and on a narrow screen', async () => {
    const message = { id: 5, date: seconds(), peer_id: 43, from_id: 43, text: 'Нужно десять штук' };
    await reports('message_new', { message });
    const page = await open('/', { viewport: narrow });
    await takeLead(page, 'Ivan Petrov');
    const edited = { ...message, out: 0, update_time: message.date + 5 };
    await reports('message_edit', { ...edited, text: `Нужно двенадцать штук ${'безпробелов'.repeat(20)}` });
    const theirs = page.locator('.letter.theirs');
    await theirs.getByText('Нужно двенадцать штук').waitFor();
    const before = theirs.getByText('Нужно десять штук');
    expect(await before.isVisible()).toBe(false);
    await theirs.getByText('Изменено').focus();
    await page.keyboard.press('Enter');
    await before.waitFor();
    await theirs.getByText('До ').waitFor();
    await looksRight(page);
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'English' }).click();
    await theirs.getByText('Edited').waitFor();
    await theirs.getByText('Until ').waitFor();
    await looksRight(page);
    await page.getByRole('button', { name: 'Русский' }).click();
  });

  it('marks one deleted picture of an album, whose words stay readable, and then the whole album', async () => {
    const business = { business_connection_id: 'biz' };
    const chat = { id: 51, type: 'private', first_name: 'Вера' };
    const album = (n: number, file: string, caption: string) => ({
      update_id: n,
      business_message: {
        ...business,
        message_id: n,
        date: seconds(),
        from: chat,
        chat,
        media_group_id: '7',
        photo: [{ file_id: file }],
        caption,
      },
    });
    const deleted = (update_id: number, ...message_ids: number[]) => ({
      update_id,
      deleted_business_messages: { ...business, chat, message_ids },
    });
    for (const name of ['a', 'b']) telegram.files.set(name, Buffer.from(png, 'base64'));
    telegram.updates.push(album(1, 'a', 'Царапина слева') as never, album(2, 'b', 'Царапина справа') as never);
    const page = await open('/', { viewport: narrow });
    await takeLead(page, 'Вера');
    const letter = page.locator('.letter.theirs');
    await letter.locator('img[alt="photo-2.jpg"]').waitFor();
    telegram.updates.push(deleted(3, 2) as never);
    await letter.locator('.about .chip', { hasText: 'Часть удалена' }).waitFor();
    expect(await letter.locator('.files li.deleted').count()).toBe(1);
    await letter.locator('.files li.deleted', { hasText: 'photo-2.jpg' }).getByText('Удалено отправителем').waitFor();
    await letter.locator('.deleted-words', { hasText: 'Царапина справа' }).waitFor();
    await looksRight(page);
    expect(await accessibilityFaults(page)).toEqual([]);
    telegram.updates.push(deleted(4, 1) as never);
    await letter.locator('.about .chip', { hasText: 'Удалено отправителем' }).waitFor();
    await letter.locator('.text', { hasText: 'Царапина слева' }).waitFor();
    expect(await letter.locator('.files li.deleted').count()).toBe(0);
    await page.goto(`${office.url}/conversations?scope=all&state=open`);
    await page.locator('.conversations .item', { hasText: 'Вера' }).getByText('Удалено отправителем').waitFor();
    await looksRight(page);
  });

  it('tells a message that was taken back apart from one that failed, in lists and in both languages', async () => {
    const chat = { id: 52, type: 'private', first_name: 'Нина' };
    const question = { message_id: 9, date: seconds(), from: chat, chat, text: 'Когда привезёте?' };
    telegram.updates.push({ update_id: 5, message: question } as never);
    const page = await open();
    await takeLead(page, 'Нина');
    await page.getByRole('textbox', { name: /Ответ/ }).fill('Никогда');
    await page.getByRole('button', { name: 'Позже…' }).click();
    await page.getByRole('button', { name: 'Завтра в 9:00' }).click();
    const waiting = page.locator('.letter.ours', { hasText: 'Никогда' });
    await waiting.getByRole('button', { name: 'Отменить отправку' }).click();
    await waiting.waitFor({ state: 'detached' });

    const narrowPage = await open('/conversations?scope=all&state=open', { viewport: narrow });
    const row = narrowPage.locator('.conversations .item', { hasText: 'Нина' });
    await row.getByText('Отправка отменена').waitFor();
    await looksRight(narrowPage);
    await row.locator('a').click();
    await narrowPage.locator('.card.taken-back .badge', { hasText: 'Отправка отменена' }).waitFor();
    expect(await narrowPage.getByText('Не отправлено').count()).toBe(0);
    await looksRight(narrowPage);
    await narrowPage.getByRole('button', { name: 'English' }).click();
    await narrowPage.locator('.card .badge', { hasText: 'Taken back' }).waitFor();
    await narrowPage.getByRole('button', { name: 'Русский' }).click();
  });

  it('marks the question as read in a business chat once it is answered, and not before', async () => {
    const chat = { id: 53, type: 'private', first_name: 'Лев' };
    const message = { message_id: 11, date: seconds(), from: chat, chat, text: 'Вы работаете?' };
    telegram.updates.push({ update_id: 6, business_message: { ...message, business_connection_id: 'biz' } } as never);
    const page = await open();
    await takeLead(page, 'Лев');
    await page.getByRole('textbox', { name: /Ответ/ }).pressSequentially('Да');
    await vi.waitFor(() => expect(telegram.marks).toContain('typing biz:53'), 20_000);
    expect(telegram.marks.filter((mark) => mark.startsWith('read'))).toEqual([]);
    await page.getByRole('button', { name: 'Отправить' }).click();
    await vi.waitFor(() => expect(telegram.marks).toContain('read biz:53:11'), { timeout: 60_000 });
  });

  it('causes no errors in the browser during these tests', () => {
    expect(pages.complaints).toEqual([]);
  });
});
