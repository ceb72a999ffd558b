import { describe, expect, it } from 'vitest';
import { eventKey } from '../../../../src/domain/base/ids.ts';
import { client } from '../../../support/calls.ts';
import { LinesOffice } from './office.ts';

describe("a client's message", () => {
  it('comes into a chat of the open line, with its client', async () => {
    const office = await LinesOffice.open();
    await office.write(1, { text: 'How much is [b]this[/b]?' });
    await office.write(2, { text: 'And that?' });
    expect(office.said).toEqual([
      ['client', 'How much is [\u200bb]this[\u200b/b]?'],
      ['client', 'And that?'],
    ]);
    expect(office.chat.client).toEqual({ id: 'telegram:tg:42', name: 'Ivan', last_name: 'Petrov' });
    expect(office.portal.state.activities.size).toBe(0);
    expect(office.portal.cards('LEAD')).toEqual([]);
    const [first] = await office.contacts();
    expect(first?.links.b24).toMatchObject({ id: 'chat1', url: `${office.portal.root}/online/?IM_DIALOG=chat1` });
    expect(office.portal.state.complaints).toEqual([]);
  });

  it('is changed with the client’s, and deleted', async () => {
    const office = await LinesOffice.open();
    await office.write(1, { text: 'How much?' });
    await office.write(1, { text: 'How much is it?', edit_date: 1 }, 'edited_message');
    expect(office.said).toEqual([['client', 'How much is it?']]);
    const [{ key } = { key: eventKey('tg', '') }] = office.desk.context.events;
    await office.desk.intake.emit({ kind: 'deletion', key, connection: 'tg', at: office.time.at });
    await office.deliveries.deliver();
    expect(office.said).toEqual([]);
    expect(office.portal.state.complaints).toEqual([]);
  });

  it('brings its file, which the portal fetches by a link of ours', async () => {
    const office = await LinesOffice.open();
    office.server.files.set('doc', Buffer.from('a price list'));
    await office.write(1, { caption: 'Look', document: { file_id: 'doc', file_name: 'list.txt' } });
    await office.write(2, { document: { file_id: 'doc', file_name: 'again.txt' } });
    expect(office.chat.messages.map(({ text, fetched }) => [text, ...fetched])).toEqual([
      ['Look', { name: 'list.txt', content: 'a price list' }],
      ['', { name: 'again.txt', content: 'a price list' }],
    ]);
    const [link = ''] = office.chat.messages[0]?.files ?? [];
    expect((await fetch(`${link}x`)).status).toBe(404);
    office.time.at += 2 * 3_600_000;
    expect((await fetch(link)).status).toBe(404);
  });

  it('is shown on the card of a known client, by the number there', async () => {
    const office = await LinesOffice.open();
    const id = office.portal.core.cards.CONTACT.add({ NAME: 'Ivan', PHONE: [{ VALUE: '+79161234567' }] });
    const known = { id: `b24:contact-${id}` as never, name: 'Ivan', kind: 'person' as const };
    const identifiers = [{ kind: 'account' as const, value: 'telegram:42' }];
    const one = { ...client(known.id, []), ...known, identifiers };
    await office.desk.intake.apply([{ op: 'put-clients', clients: [one], at: office.time.at }]);
    await office.write(1, { text: 'Hello' });
    expect(office.chat.client).toMatchObject({ phone: '+79161234567' });
    expect(office.portal.cards('LEAD')).toEqual([]);
  });

  it('is recorded as an activity while no open line takes its line', async () => {
    const office = await LinesOffice.open({ openLines: {} });
    await office.write(1, { text: 'Hello' });
    expect(office.portal.state.chats.size).toBe(0);
    expect(office.portal.state.activities.size).toBe(1);
  });

  it('is not for the operators when it is older than a week', async () => {
    const office = await LinesOffice.open();
    office.time.at += 8 * 86_400_000;
    await office.write(1, { text: 'Hello' });
    expect(office.portal.state.chats.size).toBe(0);
  });
});

describe('an answer written at Patchbay', () => {
  it('is shown as its author’s, and is not sent again if the portal reports it back', async () => {
    const office = await LinesOffice.open({}, { echoesOwnMessages: true });
    await office.write(1, { text: 'Hello' });
    const [question] = await office.contacts();
    if (question === undefined) throw new Error('nothing was taken');
    await office.desk.write('Good day', { manager: 'boris', to: question.party, answers: question.id, line: 'bot' });
    await office.send();
    await office.portal.events.posted();
    await office.send();
    expect(office.said).toEqual([
      ['client', 'Hello'],
      ['operator', 'Good day'],
    ]);
    expect(office.chat.messages[1]?.userId).toBe(2);
    expect(office.sent).toEqual(['Good day']);
    expect(office.portal.state.posted.some(({ event }) => event === 'ONIMCONNECTORMESSAGEADD')).toBe(true);
    expect(office.portal.state.complaints).toEqual([]);
  });
});
