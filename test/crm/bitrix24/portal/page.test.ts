import { expect, it } from 'vitest';
import { start } from './start.ts';

it('shows cards with their calls and records, and calls by a click', async () => {
  const { app, portal } = await start();
  const fields = { NAME: '<b>Ivan</b>', ASSIGNED_BY_ID: 2, PHONE: [{ VALUE: '+79161234567' }] };
  await app.result('crm.contact.add', { fields });
  const click = new URLSearchParams({ user: '2', number: '+79161234567' });
  const clicked = await fetch(`${portal.root}/click`, { method: 'POST', body: click, redirect: 'manual' });
  expect(clicked.headers.get('location')).toBe('/');
  const [call] = portal.state.calls.values();
  await app.result('telephony.externalCall.finish', { CALL_ID: call?.id ?? '', USER_ID: 2, DURATION: 3 });
  await app.result('telephony.externalCall.attachRecord', {
    CALL_ID: call?.id ?? '',
    FILENAME: 'a.mp3',
    FILE_CONTENT: 'YQ==',
  });
  const page = await (await fetch(portal.root)).text();
  expect(page).toContain('Scripted Bitrix24 portal, not Bitrix24');
  expect(page).toContain('&#60;b&#62;Ivan');
  expect(page).toContain('value="+79161234567"');
  expect(page).toContain('Outgoing call to +79161234567');
  expect(await (await fetch(`${portal.root}/file/1`)).text()).toBe('a');
});
