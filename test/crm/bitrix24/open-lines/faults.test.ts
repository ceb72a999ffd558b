import { describe, expect, it } from 'vitest';
import type { FaultKind } from '../../../support/bitrix24/faults.ts';
import { LinesOffice } from './office.ts';

const kinds: readonly FaultKind[] = ['500', '500-after', 'cut-after', 'malformed'];

/** A conversation with everything that the portal is told: a message, its edit, an answer of an operator, and one of ours. */
async function converse(office: LinesOffice): Promise<void> {
  await office.write(1, { text: 'How much?' });
  await office.write(1, { text: 'How much is it?', edit_date: 1 }, 'edited_message');
  await office.portal.people.answerInOpenLine(1, 1, '100');
  await office.send();
  const [question] = await office.contacts();
  if (question === undefined) throw new Error('nothing was taken');
  await office.desk.write('And a discount', {
    manager: 'boris',
    to: question.party,
    answers: question.id,
    line: 'bot',
  });
  await office.send();
  await office.write(2, { text: 'Thanks' });
}

const expected = [
  ['client', 'How much is it?'],
  ['operator', '100'],
  ['operator', 'And a discount'],
  ['client', 'Thanks'],
];

/** Messages as people read them, whatever their order: one that had to be repeated comes later. */
const read = (office: LinesOffice) => office.said.map((one) => one.join(': ')).toSorted();
const wanted = expected.map((one) => one.join(': ')).toSorted();

describe('a fault of the portal', () => {
  it.each(kinds)('doubles and loses nothing: %s', async (kind) => {
    const office = await LinesOffice.open();
    for (const method of ['send.messages', 'update.messages', 'send.status.delivery'])
      office.portal.faults.on(`imconnector.${method}`, kind);
    office.portal.faults.on('imconnector.send.messages', kind, { nth: 3 });
    await converse(office);
    expect(office.portal.faults.happened.length).toBeGreaterThanOrEqual(4);
    expect(read(office)).toEqual(wanted);
    expect(office.sent).toEqual(['100', 'And a discount']);
    expect(office.chat.messages.filter(({ from }) => from === 'operator')[0]?.status).toBe('delivered');
  });

  it('that keeps us waiting doubles nothing', async () => {
    const office = await LinesOffice.open();
    office.portal.faults.on('imconnector.send.messages', 'hang-after');
    await office.write(1, { text: 'How much?' });
    expect(office.said).toEqual([['client', 'How much?']]);
  });

  it('that loses the answer leaves the message where it is if the portal says that it has it', async () => {
    const office = await LinesOffice.open();
    await office.write(1, { text: 'How much?' });
    office.portal.faults.on('imconnector.send.messages', 'cut-after');
    await office.write(2, { text: 'Hello?' });
    expect(office.chat.messages.map(({ text, status }) => [text, status])).toEqual([
      ['How much?', 'sent'],
      ['Hello?', 'sent'],
    ]);
    expect(office.portal.state.counts.get('imconnector.delete.messages')).toBeUndefined();
  });

  it('keeps messages of one conversation in order', async () => {
    const office = await LinesOffice.open();
    for (let n = 1; n <= 5; n += 1) await office.take(n, { text: `${n}` });
    office.portal.faults.everything = '503';
    await office.deliveries.deliver(5).catch(() => undefined);
    office.portal.faults.everything = null;
    await office.deliveries.deliver(300);
    expect(office.said.map(([, text]) => text)).toEqual(['1', '2', '3', '4', '5']);
  });
});

describe('a kill', () => {
  it('at each write of the ledger doubles and loses nothing', async () => {
    const office = await LinesOffice.open();
    const texts: string[] = [];
    for (let kills = -1; office.deliveries.kills > kills; ) {
      kills = office.deliveries.kills;
      const n = texts.length + 1;
      texts.push(`after ${n}`);
      await office.take(n, { text: `before ${n}` });
      await office.take(n, { text: `after ${n}`, edit_date: 1 }, 'edited_message');
      office.deliveries.killAfter = texts.length - 1;
      await office.deliveries.deliver();
    }
    expect(texts.length).toBeGreaterThan(3);
    expect(office.said.map(([, text]) => text).toSorted()).toEqual(texts.toSorted());
  });

  it('after the portal has taken an answer’s state doubles nothing', async () => {
    const office = await LinesOffice.open();
    await office.write(1, { text: 'How much?' });
    await office.portal.people.answerInOpenLine(1, 1, '100');
    office.deliveries.killAfter = 1;
    await office.send();
    expect(office.deliveries.kills).toBe(1);
    expect(office.sent).toEqual(['100']);
    expect(office.chat.messages[1]?.status).toBe('delivered');
  });
});
