import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type DeskOffice, openDeskOffice, password } from './browser/desk-office.ts';
import { launch, Pages, poorContrast, scrollsSideways } from './browser/pages.ts';

type State = Exclude<BrowserContextOptions['storageState'], string | undefined>;

/** Latin words in the visible text of a page, apart from known names. */
const latin = async (page: Page) =>
  [...(await page.locator('body').innerText()).matchAll(/[a-z]{3,}/gi)]
    .map(([word]) => word)
    .filter((word) => !/^(patchbay|english|muster|gmbh)$/i.test(word));

describe('addresses and live calls on the operator’s page', () => {
  let office: DeskOffice;
  let browser: Browser;
  let pages: Pages;
  let anna: State;

  beforeAll(async () => {
    [office, browser] = await Promise.all([openDeskOffice(), launch()]);
    pages = new Pages(browser);
  });
  afterEach(async () => {
    await office.endCalls();
    await Promise.all(browser.contexts().map((context) => context.close()));
  });
  afterAll(async () => {
    await browser?.close();
    await office?.close();
  });

  const ring: DeskOffice['call'] = (from, change) => office.call(from, change);
  const logIn = async (page: Page, login: string, secret = password) => {
    await page.getByLabel('Логин').fill(login);
    await page.getByLabel('Пароль').fill(secret);
    await page.keyboard.press('Enter');
    await page.locator('.link.online').waitFor();
  };
  const desk = async (path = '/') => {
    const page = await pages.open({ storageState: anna });
    await page.goto(office.url + path);
    await page.locator('.link.online').waitFor();
    return page;
  };
  const heading = (page: Page, name: string) => page.locator('.card h1', { hasText: name }).waitFor();
  const nobodyCalls = (page: Page) => page.getByText('Сейчас никто не звонит');

  it('tells an administrator without a manager what to do next, in both languages', async () => {
    const page = await pages.open();
    await page.goto(office.setupUrl);
    await page.getByLabel('Логин').fill('root');
    await page.getByLabel('Пароль').fill('long-enough');
    await page.getByRole('button', { name: 'Создать' }).click();

    await page.getByRole('heading', { name: 'Учётная запись не связана с менеджером' }).waitFor();
    await page.getByText('npx patchbay user set root --manager anna').waitFor();
    await page.getByText('user: root').waitFor();
    await page.getByText('Анна Иванова (anna), Пётр Петров (petr)').waitFor();
    expect(await page.getByRole('link', { name: 'Пользователи и права' }).getAttribute('href')).toBe('/docs/ru/access');
    expect([await poorContrast(page), await scrollsSideways(page)]).toEqual([[], false]);
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('heading', { name: 'Your account is not linked to a manager' }).waitFor();
    await page.getByText('npx patchbay user set root --manager anna').waitFor();
    await page.getByRole('button', { name: 'Русский' }).click();
    await office.fill();
  });

  it('shows the desk once the account is linked to a manager', async () => {
    const page = await pages.open();
    await page.goto(office.url);
    await logIn(page, 'root', 'long-enough');
    await page.getByRole('heading', { name: 'Учётная запись не связана с менеджером' }).waitFor();
    await office.link('root', 'petr');
    await logIn(page, 'root', 'long-enough');
    await nobodyCalls(page).waitFor();
    await page.locator('.who', { hasText: 'Пётр Петров' }).waitFor();
  });

  it('keeps the card of a ringing call over a reload', async () => {
    const page = await pages.open();
    await page.goto(office.url);
    await logIn(page, 'anna');
    anna = await page.context().storageState();
    ring('79990000001');
    await heading(page, 'Ромашка');
    await page.reload();
    await heading(page, 'Ромашка');
    await page.locator('.card.ringing').waitFor();
    expect(await nobodyCalls(page).count()).toBe(0);

    await page.goto(office.url);
    await heading(page, 'Ромашка');
    expect(await page.locator('.card').innerText()).toMatch(/Казань[\s\S]*Поставка № 7/);
    expect(await page.title()).toContain('Ромашка');
  });

  it('shows the card of an answered call in a second tab and after a new login', async () => {
    const first = await desk();
    ring('79990000001', { ringMs: 300 });
    await first.locator('.card.talking h1', { hasText: 'Ромашка' }).waitFor();
    const second = await first.context().newPage();
    await second.goto(office.url);
    await second.locator('.card.talking h1', { hasText: 'Ромашка' }).waitFor();

    await first.getByRole('button', { name: 'Выйти' }).click();
    await logIn(first, 'anna');
    await first.locator('.card.talking h1', { hasText: 'Ромашка' }).waitFor();
    anna = await first.context().storageState();
  });

  it('does not bring back ended calls or closed cards', async () => {
    const page = await desk();
    const call = ring('79990000001');
    await heading(page, 'Ромашка');
    await page.getByRole('button', { name: 'Закрыть' }).click();
    const closed = page.getByRole('button', { name: 'Открыть карточку' });
    await closed.waitFor();
    await page.reload();
    await closed.click();
    await heading(page, 'Ромашка');

    const other = await desk();
    await heading(other, 'Ромашка');
    await call.end();
    await other.locator('.card:not(.ringing)').waitFor();
    await other.goto(office.url);
    await other.locator('.today .row').first().waitFor();
    await nobodyCalls(other).waitFor();
  });

  it('keeps the address over a reload and Back, and opens a link after login', async () => {
    const page = await desk();
    const row = page.locator('.today .row').first();
    await row.click();
    await heading(page, 'Ромашка');
    const address = page.url();
    expect(address).toMatch(/\/interactions\/[0-9a-f-]{36}$/);
    await page.goBack();
    await nobodyCalls(page).waitFor();
    await page.goForward();
    await heading(page, 'Ромашка');
    await page.reload();
    await heading(page, 'Ромашка');

    await page.getByRole('link', { name: 'Мои задачи' }).click();
    await page.getByRole('heading', { name: 'Мои задачи', level: 1 }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Мои задачи', level: 1 }).waitFor();
    await page.getByRole('link', { name: 'Возвраты писем' }).click();
    await page.getByText('Все письма доходят.').waitFor();
    expect(await poorContrast(page)).toEqual([]);

    const stranger = await pages.open();
    await stranger.goto(address);
    await logIn(stranger, 'petr');
    await heading(stranger, 'Ромашка');
    expect(stranger.url()).toBe(address);
  });

  it('says that an address or a contact does not exist', async () => {
    const page = await desk('/nowhere');
    await page.getByText('Такой страницы нет').waitFor();
    await page.goto(`${office.url}/interactions/00000000-0000-7000-8000-000000000000`);
    await page.getByText('Такого обращения нет').waitFor();
    await page.getByRole('link', { name: 'На рабочий стол' }).click();
    await nobodyCalls(page).waitFor();
  });

  it('switches from another page to the desk when the phone rings', async () => {
    const page = await desk('/owed');
    await page.getByRole('heading', { name: 'Мои задачи', level: 1 }).waitFor();
    ring('+4930901820');
    await heading(page, 'Muster GmbH');
  });

  it('shows no English on its Russian pages', async () => {
    const page = await desk();
    ring('79990000002');
    await page.locator('.card.ringing').waitFor();
    expect(await latin(page)).toEqual([]);
    for (const path of ['/owed', '/undeliverable', '/nowhere']) {
      await page.goto(office.url + path);
      await page.locator('.page h1').waitFor();
      expect(await latin(page)).toEqual([]);
    }
  });

  it('causes no errors in the browser during these tests', () => {
    // A test above requests a contact that does not exist.
    expect(pages.complaints.filter((one) => !one.includes('404'))).toEqual([]);
  });
});
