import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { accessibilityFaults, launch, Pages, poorContrast, scrollsSideways } from './browser/pages.ts';
import { readByPython } from './mail/python-email.ts';
import { password, SendingOffice } from './mail/sending-office.ts';

const directory = mkdtempSync(join(tmpdir(), 'patchbay-logo-'));
const logo = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);
const signature = {
  html: '<p><i>{manager.name}</i>, доб. {manager.extension}<br>\nмоб. {manager.mobile}<br>\n{company}</p><img src="cid:logo" width="40" alt="">',
  logo: join(directory, 'logo.png'),
};
const answers = [
  {
    id: 'price',
    title: 'Прайс',
    text: 'Прайс для {client.name}:\nhttps://shop.example/price',
    files: [join(directory, 'прайс.txt')],
  },
];

/** Letters are formatted in a real browser, and delivered by a real Exim. */
describe('letters with formatting', () => {
  const office = new SendingOffice();
  let browser: Browser;
  let pages: Pages;
  let anna: Exclude<BrowserContextOptions['storageState'], string | undefined>;

  beforeAll(async () => {
    writeFileSync(signature.logo, logo);
    writeFileSync(join(directory, 'прайс.txt'), 'Насос – 100 ₽');
    const manager = { id: 'anna', name: 'Анна Иванова', email: 'anna@our.example', user: 'anna', extensions: ['101'] };
    const line = { id: 'sales', channel: 'email', address: 'sales@our.example', label: 'Отдел продаж' };
    const more = {
      company: { name: 'Насосы и Ко' },
      managers: [manager],
      lines: [{ ...line, connection: 'sales', signature }],
      answers,
      messages: { undo: '5s' },
    };
    [browser] = await Promise.all([launch(), office.open({ more })]);
    pages = new Pages(browser);
    const page = await pages.open();
    await page.goto(office.url);
    await page.getByLabel('Логин').fill('anna');
    await page.getByLabel('Пароль').fill(password);
    await page.getByRole('button', { name: 'Войти' }).click();
    await page.getByText('На связи').waitFor();
    anna = await page.context().storageState();
  });
  afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));
  afterAll(async () => {
    await browser?.close();
    await office.close();
    rmSync(directory, { recursive: true });
  });

  /** Anna's desk with the card of a letter that Ivan has just sent. */
  async function card(subject: string, options: BrowserContextOptions = {}): Promise<Page> {
    await office.send({
      from: 'Ivan <ivan@client.example>',
      to: 'sales@our.example',
      cc: 'olga@client.example',
      subject,
      text: 'Сколько стоит насос?',
      messageId: `<${encodeURIComponent(subject)}@client.example>`,
    });
    const [asked] = await office.letters(subject, 1);
    const page = await pages.open({ storageState: anna, ...options });
    await page.goto(`${office.url}/interactions/${asked?.id}`);
    await page.locator('.letter.theirs', { hasText: subject }).first().waitFor();
    return page;
  }
  const conversation = (page: Page) => page.getByRole('region', { name: /Переписка|Conversation/ });
  /** Switches to formatted text; returns the editor. */
  const formatted = async (page: Page): Promise<Locator> => {
    const editor = conversation(page).locator('[role=textbox][aria-multiline=true]');
    const toggle = conversation(page).getByRole('button', { name: /С оформлением|Formatted text/ });
    await editor.or(toggle).first().waitFor();
    if ((await toggle.count()) > 0) await toggle.click();
    await editor.waitFor();
    return editor;
  };
  /** The label of the focused element. */
  const focused = (page: Page) => page.evaluate(`document.activeElement.getAttribute('aria-label')`);
  const send = (page: Page) =>
    conversation(page)
      .getByRole('button', { name: /^(Отправить|Send)$/ })
      .click();
  /** The letter that Anna has sent, once Ivan has it: its id, and how Python reads it. */
  async function arrived(subject: string) {
    const letters = await office.letters(subject, 2);
    const id = letters[1]?.id ?? '';
    await office.becomes(id, { state: 'sent', problem: null });
    return { id, read: readByPython(await office.bytesOf(id, 'ivan')) };
  }

  it('are written by the keyboard, survive a reload, and arrive whole at everybody', async () => {
    const page = await card('Цена насоса');
    const editor = await formatted(page);
    await editor.focus();
    await page.keyboard.type('Здравствуйте, ');
    await page.keyboard.press('Control+b');
    await page.keyboard.type('Иван');
    await page.keyboard.press('Control+b');
    await page.keyboard.type('!');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Shift+Tab');
    const bar = conversation(page).getByRole('toolbar', { name: 'Оформление' });
    for (let i = 0; i < 4; i += 1) await page.keyboard.press('ArrowRight');
    expect(await focused(page)).toBe('Список');
    await page.keyboard.press('Enter');
    await bar.locator('[aria-pressed=true]').waitFor();
    await page.keyboard.type('Насос – 100 ₽');
    await page.keyboard.press('Enter');
    await page.keyboard.type('Кран – 50 ₽');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await page.keyboard.type('Всё здесь: ');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('shop.example/all');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await page.keyboard.type('/прай');
    await conversation(page).getByRole('option', { name: 'Прайс' }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await conversation(page).getByText('Прайс для ООО «Ромашка»:').waitFor();
    await conversation(page).locator('.answer .files', { hasText: 'прайс.txt' }).waitFor();

    await page.reload();
    await editor.getByText('Прайс для ООО «Ромашка»:').waitFor();
    expect(await editor.locator('strong').innerText()).toBe('Иван');
    expect(await editor.locator('li').allInnerTexts()).toEqual(['Насос – 100 ₽', 'Кран – 50 ₽']);
    expect(await editor.locator('a').first().getAttribute('href')).toBe('https://shop.example/all');
    const file = {
      name: 'счёт.bin',
      mimeType: 'application/octet-stream',
      buffer: Buffer.from([0, 13, 10, 255, 46, 10]),
    };
    await conversation(page).getByLabel('Приложить файлы').setInputFiles([file]);
    await conversation(page).getByRole('button', { name: 'Ответить всем' }).click();
    await send(page);

    const { id, read } = await arrived('Цена насоса');
    const asked = `<${encodeURIComponent('Цена насоса')}@client.example>`;
    expect(read).toMatchObject({
      subject: 'Re: Цена насоса',
      to: ['ivan@client.example'],
      cc: ['olga@client.example'],
      inReplyTo: asked,
      references: [asked],
      defects: [],
      attachments: [{ name: file.name, content: file.buffer.toString('base64') }],
    });
    expect(read.html).toContain('<p>Здравствуйте, <strong>Иван</strong>!</p>');
    expect(read.html).toContain('<ul><li>Насос – 100 ₽</li><li>Кран – 50 ₽</li></ul>');
    expect(read.html).toMatch(
      /<a href="https:\/\/shop\.example\/all">shop\.example\/all<\/a>|<a href="https:\/\/shop\.example\/all">https:\/\/shop\.example\/all<\/a>/,
    );
    expect(read.html).toMatch(/<blockquote type="cite">Сколько стоит насос\?\s*<\/blockquote>/);
    const [own = '', quoted = ''] = read.text.replaceAll('\r\n', '\n').split(/\n\n(?=.* пишет:\n)/);
    expect(own).toBe(
      'Здравствуйте, Иван!\n\n- Насос – 100 ₽\n- Кран – 50 ₽\n\nВсё здесь: https://shop.example/all\n\nПрайс для ООО «Ромашка»:\nhttps://shop.example/price\n\n-- \nАнна Иванова, доб. 101\nНасосы и Ко',
    );
    expect(quoted).toMatch(/Ivan <ivan@client\.example> пишет:\n> Сколько стоит насос\?\n?$/);
    const [picture] = read.inline;
    expect(read.inline).toEqual([{ id: picture?.id, type: 'image/png', content: logo.toString('base64') }]);
    expect(read.html).toContain(`<img src="cid:${picture?.id.slice(1, -1)}" width="40" alt="">`);
    expect(readByPython(await office.bytesOf(id, 'olga')).html).toBe(read.html);

    // The copy in Sent is read: nothing of the own text counts as quoted, and the logo is no attachment.
    await office.bytesOf(id, 'sales', 'Sent');
    const shown = await office.becomes(id, { text: own });
    expect(shown.attachments.map(({ name }) => name)).toEqual([file.name]);
    const sent = conversation(page).locator('.letter.ours');
    await sent.getByRole('button', { name: 'Письмо целиком' }).click();
    const frame = sent.frameLocator('iframe');
    await frame.locator('strong', { hasText: 'Иван' }).waitFor();
    await frame.getByText('Показать цитату').waitFor();
    expect(await frame.locator('img').getAttribute('src')).toBe(`data:image/png;base64,${logo.toString('base64')}`);
    expect(pages.complaints).toEqual([]);
  });

  it('can be taken back with their formatting, also after a reload', async () => {
    const page = await card('Взять назад');
    const editor = await formatted(page);
    await editor.focus();
    await page.keyboard.press('Control+i');
    await page.keyboard.type('Ой');
    for (const isReloaded of [false, true]) {
      await send(page);
      const cancel = conversation(page).getByRole('button', { name: 'Отменить отправку' });
      await cancel.waitFor();
      await expect.poll(() => editor.innerText()).toBe('\n');
      if (isReloaded) await page.reload();
      await cancel.click();
      await editor.locator('em', { hasText: 'Ой' }).waitFor();
    }
  });

  it('stay plain if they are written as plain text', async () => {
    const page = await card('Простое');
    await formatted(page);
    await conversation(page).getByRole('button', { name: 'Простой текст' }).click();
    await conversation(page).getByRole('textbox', { name: 'Ответ' }).fill('**Да**');
    await send(page);
    const { id, read } = await arrived('Простое');
    expect(read.inline).toEqual([]);
    expect(read.text).toMatch(/^\*\*Да\*\*\r?\n\r?\n-- \r?\nАнна Иванова, доб\. 101/);
    expect(await office.interaction(id)).toMatchObject({ text: expect.stringContaining('**Да**') });
  });

  it('are written in English on a narrow screen', async () => {
    const page = await card('Узкое', { viewport: { width: 360, height: 740 } });
    await page.getByRole('button', { name: 'English' }).click();
    const editor = await formatted(page);
    await editor.focus();
    await page.keyboard.type('Write me');
    await page.keyboard.press('Control+Shift+ArrowLeft');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('anna@our.example');
    await page.keyboard.press('Enter');
    await page.keyboard.press('End');
    await page.keyboard.type(' now');
    expect(await editor.innerHTML()).toBe('<p>Write <a href="mailto:anna@our.example">me</a> now</p>');
    await conversation(page).getByRole('button', { name: 'Link' }).click();
    await conversation(page).getByLabel('Address of the link').fill('javascript:alert(1)');
    expect(await conversation(page).getByRole('button', { name: 'Insert link' }).isDisabled()).toBe(true);
    expect(await scrollsSideways(page)).toBe(false);
    expect(await poorContrast(page)).toEqual([]);
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.keyboard.press('Escape');
    expect(await focused(page)).toBe('Answer');
    expect(pages.complaints).toEqual([]);
  });
});
