import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type DeskOffice, openDeskOffice, password } from './browser/desk-office.ts';
import { launch, Pages, poorContrast, scrollsSideways } from './browser/pages.ts';

let office: DeskOffice;
let browser: Browser;
let pages: Pages;

beforeAll(async () => {
  [office, browser] = await Promise.all([openDeskOffice(), launch()]);
  pages = new Pages(browser);
  await office.fill();
});
afterAll(async () => {
  await browser?.close();
  await office?.close();
});

async function submit(name: string, phone: string, message: string): Promise<void> {
  const answer = await fetch(`${office.url}/api/v1/forms/site`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, phone, message }),
  });
  expect(answer.status).toBe(200);
}

it('finds what clients wrote, by keyboard, in both languages and on a telephone', async () => {
  await submit('Олег', '+79161230001', 'Пришлите <b>договоры</b> поставки насосов');
  await submit('Вера', '+79161230002', 'Please send the contract');
  const page = await pages.open();
  await page.goto(office.url);
  await page.getByLabel('Логин').fill('anna');
  await page.getByLabel('Пароль').fill(password);
  await page.keyboard.press('Enter');
  await page.locator('.link.online').waitFor();

  const field = page.getByRole('searchbox', { name: 'Поиск по переписке' });
  await expect
    .poll(async () => {
      // New texts are found about a second later.
      await field.fill('договором');
      await field.press('Enter');
      await page.locator('main[aria-busy=false]').waitFor();
      return page.locator('.found li').count();
    })
    .toBe(1);
  expect(await page.locator('.found mark').allInnerTexts()).toEqual(['договоры']);
  expect(await page.locator('.snippet b').count()).toBe(0);
  expect([await poorContrast(page), await scrollsSideways(page)]).toEqual([[], false]);

  // Searching goes on while one types; the address keeps the question over a reload.
  await field.fill('');
  await field.pressSequentially('contr');
  await page.locator('.found mark', { hasText: 'contract' }).waitFor();
  await page.reload();
  await page.locator('.found mark', { hasText: 'contract' }).waitFor();
  expect(await field.inputValue()).toBe('contr');

  await field.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.locator('.card', { hasText: 'Please send the contract' }).waitFor();
  await page.goBack();
  await page.locator('.found mark', { hasText: 'contract' }).waitFor();

  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('heading', { name: 'Search', exact: true }).waitFor();
  await page.setViewportSize({ width: 360, height: 740 });
  expect([await poorContrast(page), await scrollsSideways(page)]).toEqual([[], false]);
  await page.getByRole('searchbox', { name: 'Search letters and messages' }).fill('нетничего');
  await page.getByText('Nothing was found.').waitFor();
  expect(pages.complaints).toEqual([]);
});
