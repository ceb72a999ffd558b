import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type DemoOffice, openOffice } from '../../../../src/cli/demo/demo.ts';
import { silentLogger } from '../../../../src/runtime/log.ts';
import { logIn } from '../../../support/desk-login.ts';

/** The demo imports the scripted portal by itself, so that it is seen through its page only. */
describe('the demo with a scripted portal', () => {
  let office: DemoOffice;
  beforeAll(async () => {
    office = await openOffice({ speed: 200, port: 0, log: silentLogger, crm: 'bitrix24' });
  });
  afterAll(() => office.stop());

  const page = async () => (await fetch(office.portal?.root ?? '')).text();

  it('shows the clients, and calls that were made in the office', async () => {
    expect(await page()).toContain('«Ромашка»');
    await vi.waitFor(async () => expect(await page()).toContain('<h2>Calls</h2>'), { timeout: 20_000 });
  });

  it('calls a client by a click on the number', async () => {
    const cookie = await logIn(office.url, 'ivanova', 'demo-office');
    const number = '+79990000000';
    await vi.waitFor(
      async () => {
        await fetch(`${office.portal?.root}/click`, {
          method: 'POST',
          redirect: 'manual',
          body: new URLSearchParams({ user: '1', number }),
        });
        const asked = await fetch(`${office.url}/api/v1/interactions?direction=outbound&channel=call&limit=5`, {
          headers: { cookie },
        });
        const { items } = (await asked.json()) as { items: { party: { phone: string } }[] };
        expect(items[0]?.party.phone).toBe(number);
      },
      { timeout: 20_000, interval: 500 },
    );
  });
});
