import type { BrowserContextOptions } from 'playwright-core';
import { type DeskOffice, password } from './desk-office.ts';
import type { Pages } from './pages.ts';

/** The login of a page, for further pages of the same person. */
export type State = Exclude<BrowserContextOptions['storageState'], string | undefined>;

/** Creates the administrator on the page of a fresh office, and then fills the office. */
export async function createAdministrator(office: DeskOffice, pages: Pages): Promise<void> {
  const page = await pages.open();
  await page.goto(office.setupUrl);
  await page.getByLabel('Логин').fill('root');
  await page.getByLabel('Пароль').fill('long-enough');
  await page.getByRole('button', { name: 'Создать' }).click();
  await page.getByText('Учётная запись не связана с менеджером').waitFor();
  await office.fill();
}

/** Logs Anna in, and resolves once her desk is online. */
export async function logInAnna(office: DeskOffice, pages: Pages): Promise<State> {
  const page = await pages.open();
  await page.goto(office.url);
  await page.getByLabel('Логин').fill('anna');
  await page.getByLabel('Пароль').fill(password);
  await page.keyboard.press('Enter');
  await page.locator('.link.online').waitFor();
  return page.context().storageState();
}
