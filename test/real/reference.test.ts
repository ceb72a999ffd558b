import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Office, openOffice } from '../support/office.ts';
import { launch, Pages } from './browser/pages.ts';

describe('the reference of the API in a real browser', () => {
  let office: Office;
  let browser: Browser;
  beforeAll(async () => {
    const webRoot = fileURLToPath(new URL('../../dist/web', import.meta.url));
    [office, browser] = await Promise.all([openOffice({ settings: { webRoot } }), launch()]);
  });
  afterAll(async () => {
    await browser?.close();
    await office?.close();
  });

  it('shows the operations and finds them, without asking anybody else', async () => {
    const pages = new Pages(browser);
    const page = await pages.open();
    const elsewhere: string[] = [];
    page.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(office.url) && !/^(data|blob):/.test(url)) elsewhere.push(url);
    });
    await page.goto(`${office.url}/api/v1/docs`);
    await page.getByRole('heading', { name: 'Create or replace a client' }).waitFor();
    await page.getByText('"Romashka LLC"').locator('visible=true').first().waitFor();
    await page.getByPlaceholder('Search...').fill('Hand a conversation');
    await page.locator('[role=search] [role=menuitem]', { hasText: 'Hand a conversation over' }).first().waitFor();

    expect(elsewhere).toEqual([]);
    expect(pages.complaints).toEqual([]);
  });
});
