import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CallSnapshot } from '../../src/domain/interaction/contact-event.ts';
import { endedCall, leg } from '../support/calls.ts';
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

it('finds a call by what was said in it, and plays the recording from a phrase', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'patchbay-spoken-'));
  const call = await recordedCall(join(directory, 'a.wav'));
  const phrase = { side: 'client', manager: null, from: 2.5, to: 4, text: 'Пришлите <b>смету</b>' } as const;
  const transcript = { language: 'ru', source: null, phrases: [phrase] };
  await office.apply([
    { op: 'contact', event: call },
    { op: 'contact', event: { kind: 'transcript', key: call.key, connection: 'pbx', file: 'a.wav', transcript } },
  ]);
  const page = await pages.open();
  await page.goto(office.url);
  await page.getByLabel('Логин').fill('anna');
  await page.getByLabel('Пароль').fill(password);
  await page.keyboard.press('Enter');
  await page.locator('.link.online').waitFor();
  const field = page.getByRole('searchbox', { name: 'Поиск по переписке' });
  // The page asks once for the same words, and the call may not be indexed yet.
  let asked = 0;
  await expect
    .poll(
      async () => {
        asked += 1;
        await field.fill(asked % 2 === 1 ? 'сметы' : 'смету');
        await field.press('Enter');
        await page.locator('main[aria-busy=false]').waitFor();
        return page.locator('.found li').count();
      },
      { timeout: 20_000 },
    )
    .toBe(1);
  await field.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByText('Расшифровка разговора').click();
  await page.locator('.transcript li', { hasText: 'Клиент: Пришлите <b>смету</b>' }).waitFor();
  await page.locator('.transcript button', { hasText: '0:02' }).click();
  await expect
    .poll(() => page.locator('audio').evaluate((audio) => 'currentTime' in audio && audio.currentTime))
    .toBeGreaterThan(2.4);
  expect([await poorContrast(page), await scrollsSideways(page)]).toEqual([[], false]);
  expect(pages.complaints).toEqual([]);
  await rm(directory, { recursive: true });
});

/** A call of Anna's with five seconds of silence as its recording. */
async function recordedCall(path: string): Promise<CallSnapshot> {
  const sound = Buffer.alloc(44 + 5 * 8000, 0x80);
  sound.write('RIFF....WAVEfmt ', 0, 'latin1');
  sound.writeUInt32LE(sound.length - 8, 4);
  // PCM, mono, 8,000 bytes a second.
  for (const [at, value] of [
    [16, 16],
    [24, 8000],
    [28, 8000],
    [40, sound.length - 44],
  ] as const)
    sound.writeUInt32LE(value, at);
  for (const [at, value] of [
    [20, 1],
    [22, 1],
    [32, 1],
    [34, 8],
  ] as const)
    sound.writeUInt16LE(value, at);
  sound.write('data', 36, 'latin1');
  await writeFile(path, sound);
  const startedAt = Date.now() - 60_000;
  const endedAt = startedAt + 30_000;
  return endedCall('spoken', {
    ...{ startedAt, endedAt, party: { raw: '+79161230003', name: null, withheld: false } },
    legs: [leg('101', { rangAt: startedAt, talkedAt: startedAt + 1000, endedAt, outcome: 'answered' })],
    recordings: [
      {
        ...({ file: 'a.wav', path, leg: null, kind: 'call', state: 'ready', startedAt } as const),
        ...{ seconds: 5, mime: 'audio/wav', bytes: sound.length },
      },
    ],
  });
}
