import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Office, openOffice } from '../support/office.ts';
import { launch, Pages } from './browser/pages.ts';

describe('the first login in a real browser', () => {
  let office: Office;
  let browser: Browser;
  beforeAll(async () => {
    const webRoot = fileURLToPath(new URL('../../dist/web', import.meta.url));
    const settings = { webRoot, setupCode: 'the-printed-code' };
    [office, browser] = await Promise.all([openOffice({ users: false, settings }), launch()]);
  });
  afterAll(async () => {
    await browser?.close();
    await office?.close();
  });

  it('creates the administrator from the printed link, and says in Russian what to do next', async () => {
    const pages = new Pages(browser);
    const page = await pages.open();
    await page.goto(`${office.url}/#setup=the-printed-code`);
    await page.getByLabel('Логин').fill('boss');
    await page.getByLabel('Пароль').fill('Correct-horse-9');
    await page.getByRole('button', { name: 'Создать' }).click();
    await page.getByRole('heading', { name: 'Учётная запись не связана с менеджером' }).waitFor();
    const guide = page.getByRole('link', { name: 'Пользователи и права' });
    expect(await guide.getAttribute('href')).toBe('/docs/ru/access');

    await page.reload();
    await page.getByRole('button', { name: 'Выйти' }).click();
    await page.getByRole('button', { name: 'Войти' }).waitFor();
    expect(pages.complaints).toEqual([]);
  });
});
