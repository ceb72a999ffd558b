import { describe, expect, it } from 'vitest';
import { type BackOffice, openBackOffice } from './office.ts';

const phone = '+79161234567';

/** A contact of the portal with that many forms. */
async function openWithForms(count: number, settings: object = {}): Promise<BackOffice & { readonly contact: number }> {
  const office = await openBackOffice(settings);
  const contact = office.portal.core.cards.CONTACT.add({ NAME: 'Ivan', PHONE: [phone], ASSIGNED_BY_ID: 1 });
  for (let i = 0; i < count; i += 1) {
    office.clock.pass(1);
    await office.portal.people.callbackForm({ phone, text: `wish ${i} <script>` });
  }
  return { ...office, contact };
}

/** The hook's answer to a form that a browser posts from within the tab. */
async function post(url: string, form: Readonly<Record<string, string>>): Promise<Response> {
  return fetch(new URL(url.replaceAll('&amp;', '&')), { method: 'POST', body: new URLSearchParams(form) });
}

describe('the tab inside the portal’s cards', () => {
  it('shows the contacts of the card’s number, without running anything of them', async () => {
    const office = await openWithForms(2);
    const [tab] = await office.portal.widgets.openCardTab('CONTACT', office.contact, 2);
    expect(tab?.status).toBe(200);
    expect(tab?.body).toContain('wish 1 &lt;script&gt;');
    expect(tab?.body).not.toContain('<script');
    expect(office.portal.state.complaints).toEqual([]);
  });

  it('is part of the call card', async () => {
    const office = await openWithForms(1);
    const callId = await office.portal.people.clickToCall(1, phone);
    const [tab] = await office.portal.widgets.openCallCard(callId, 1);
    expect(tab?.body).toContain('wish 0');
  });

  it('may be framed by the portal only, and leads to earlier contacts for ten minutes', async () => {
    const office = await openWithForms(31);
    const [tab] = await office.portal.widgets.openCardTab('CONTACT', office.contact, 1);
    const [, address = ''] = /action="([^"]+)"/.exec(tab?.body ?? '') ?? [];
    const [, more = ''] = /value="([^"]+)"/.exec(tab?.body ?? '') ?? [];
    const earlier = await post(address, { more });
    expect(earlier.headers.get('content-security-policy')).toContain(`frame-ancestors ${office.portal.root}`);
    expect(await earlier.text()).toContain('wish 0 ');
    const forged = `${more.slice(0, 20)}A${more.slice(21)}`;
    expect((await post(address, { more: forged })).status).toBe(403);
    office.clock.pass(601);
    expect((await post(address, { more })).status).toBe(403);
  });

  it.each([
    ['a token that the portal does not know', { AUTH_ID: 'stolen' }],
    ['no token', {}],
    ['a card that is none', { PLACEMENT_OPTIONS: '{"ID":"../1"}' }],
  ])('shows nothing to %s', async (_what, more) => {
    const office = await openWithForms(1);
    const [placed] = office.portal.state.placements;
    const form = { PLACEMENT: 'CRM_CONTACT_DETAIL_TAB', PLACEMENT_OPTIONS: `{"ID":"${office.contact}"}`, ...more };
    const answer = await post(placed?.handler ?? '', form);
    expect(answer.status).toBe(403);
    expect(await answer.text()).not.toContain('wish');
  });

  it('asks the portal nothing for somebody who does not know its address', async () => {
    const office = await openWithForms(1);
    const [placed] = office.portal.state.placements;
    const address = (placed?.handler ?? '').replace(/key=[^&]+/, 'key=guessed');
    const before = office.portal.state.counts.get('crm.contact.get');
    const form = { PLACEMENT: 'CRM_CONTACT_DETAIL_TAB', PLACEMENT_OPTIONS: '{"ID":"1"}', AUTH_ID: 'any' };
    expect((await post(address, form)).status).toBe(403);
    expect(office.portal.state.counts.get('crm.contact.get')).toBe(before);
  });

  it('is not shown by setting', async () => {
    const office = await openWithForms(0, { historyTab: false });
    expect(office.portal.state.placements).toEqual([]);
  });
});
