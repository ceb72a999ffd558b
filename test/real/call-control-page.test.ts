import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type DeskOffice, openDeskOffice, password } from './browser/desk-office.ts';
import { launch, Pages, poorContrast } from './browser/pages.ts';

type State = Exclude<BrowserContextOptions['storageState'], string | undefined>;

/** The buttons on the card of a live call, in a real browser. The scripted PBX refuses what it does not know. */
describe('call control on the operator’s page', () => {
  let office: DeskOffice;
  let browser: Browser;
  let pages: Pages;
  let anna: State;

  beforeAll(async () => {
    [office, browser] = await Promise.all([openDeskOffice(), launch()]);
    pages = new Pages(browser);
    await office.fill();
    const page = await pages.open();
    await page.goto(office.url);
    await page.getByLabel('Логин').fill('anna');
    await page.getByLabel('Пароль').fill(password);
    await page.keyboard.press('Enter');
    await page.locator('.link.online').waitFor();
    anna = await page.context().storageState();
  });
  afterEach(async () => {
    await office.endCalls();
    await Promise.all(browser.contexts().map((context) => context.close()));
  });
  afterAll(async () => {
    await browser?.close();
    await office?.close();
  });

  async function talkingDesk(): Promise<Page> {
    const page = await pages.open({ storageState: anna });
    await page.goto(office.url);
    await page.locator('.link.online').waitFor();
    office.call('79990000001', { ringMs: 300 });
    await page.locator('.card.talking').waitFor();
    return page;
  }
  const button = (page: Page, name: string) => page.locator('.control').getByRole('button', { name, exact: true });

  it('offers what can be done, by mouse and by keys, and says in words what the PBX refuses', async () => {
    const page = await talkingDesk();
    await button(page, 'Завершить').waitFor();
    await button(page, 'На парковку').waitFor();
    expect(await poorContrast(page)).toEqual([]);
    await page.keyboard.press('Alt+KeyH');
    await page.locator('.control [role=alert]').getByText('эта АТС не знает команды').waitFor();
  });

  it('transfers to a colleague with the state of the telephone, all by keyboard', async () => {
    const page = await talkingDesk();
    await page.keyboard.press('Alt+KeyT');
    const picker = page.locator('.picker');
    await picker.getByText('Пётр Петров').waitFor();
    await picker.getByText('Свободен').waitFor();
    expect(await page.evaluate('document.activeElement.getAttribute("aria-label")')).toBe(
      'Перевести сразу: Пётр Петров',
    );
    await page.keyboard.press('Escape');
    await picker.waitFor({ state: 'detached' });
    await page.keyboard.press('Alt+KeyT');
    await picker.waitFor();
    await page.keyboard.press('Enter');
    await page.locator('.control [role=alert]').getByText('эта АТС не знает команды').waitFor();
    await picker.waitFor({ state: 'detached' });
  });

  it('offers to pick up while a colleague’s telephone rings', async () => {
    const page = await talkingDesk();
    const pickUp = page.getByRole('button', { name: 'Перехватить: Пётр Петров' });
    office.pbx.ami.event('DeviceStateChange', { Device: 'PJSIP/102', State: 'RINGING' });
    await pickUp.waitFor();
    await pickUp.click();
    // No call of the gateway rings there.
    await page.locator('.colleagues [role=alert]').getByText('Сейчас это невозможно').waitFor();
    office.pbx.ami.event('DeviceStateChange', { Device: 'PJSIP/102', State: 'NOT_INUSE' });
    await pickUp.waitFor({ state: 'detached' });
  });

  it('causes no errors in the browser during these tests', () => {
    // A pick-up that cannot be is a conflict.
    expect(pages.complaints.filter((one) => !one.includes('409'))).toEqual([]);
  });
});
