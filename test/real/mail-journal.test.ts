import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Lead } from '../../src/domain/follow-up/follow-up.ts';
import { SendingOffice } from './mail/sending-office.ts';

const office = new SendingOffice();
const copies = 'copies@our.example';

beforeAll(() => office.open({ mailboxes: () => ({ copies: { smtp: false, journal: copies } }) }));
afterAll(() => office.close());

it('a blind copy of a letter sent by another program appears on the card, and its answer joins the same thread', async () => {
  const from = '1C <1c@our.example>';
  await office.send({ from, to: 'ivan@client.example', bcc: copies, subject: 'Счёт 17', text: 'К оплате' });
  const [sent] = await office.letters('Счёт 17', 1);
  expect(sent).toMatchObject({ direction: 'outbound', state: 'sent', client: { id: 'c1' } });
  const [arrived] = await office.inFolder('ivan', 'Счёт 17');
  expect(arrived?.headers.has('bcc')).toBe(false);

  const answered = `<${arrived?.messageId}>`;
  const answer = { from: 'ivan@client.example', to: 'sales@our.example', subject: 'Re: Счёт 17', text: 'Оплатили' };
  await office.send({ ...answer, inReplyTo: answered, references: answered });
  const all = await office.letters('Счёт 17', 2);
  expect(all.find(({ direction }) => direction === 'inbound')).toMatchObject({
    causedBy: sent?.id,
    thread: sent?.thread,
  });
});

it('a letter by a stranger to the journal address stays inbound, with the stranger as its party', async () => {
  await office.send({ from: 'new@unknown.example', to: copies, subject: 'Guess', text: 'Hello' });
  const [found] = await office.letters('Guess', 1);
  expect(found).toMatchObject({ direction: 'inbound', client: null });
  const leads = await office.list<Lead>('/leads');
  expect(leads.map(({ party }) => party.email)).toEqual(['new@unknown.example']);
});
