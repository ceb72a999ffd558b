import { describe, expect, it } from 'vitest';
import type { FaultKind } from '../../../support/bitrix24/faults.ts';
import { LinesOffice } from './office.ts';

const kinds: readonly FaultKind[] = ['500-after', 'cut-after', 'malformed', 'hang-after'];

/** Everything that the portal is told of a conversation: a message, its edit, an answer of an operator, and one of ours. */
async function converse(office: LinesOffice, round: number): Promise<readonly string[]> {
  const n = 10 * round + 1;
  await office.write(n, { text: `How much ${n}?` });
  await office.write(n, { text: `How much is ${n}?`, edit_date: 1 }, 'edited_message');
  await office.portal.people.answerInOpenLine(1, 1, `100 for ${n}`);
  await office.send();
  const question = (await office.contacts()).find(({ text }) => text === `How much is ${n}?`);
  if (question === undefined) throw new Error('nothing was taken');
  await office.desk.write(`Less for ${n + 1}`, { manager: 'boris', to: question.party, answers: question.id });
  await office.send();
  return [`client: How much is ${n}?`, `operator: 100 for ${n}`, `operator: Less for ${n + 1}`];
}

/** Messages as people read them, whatever their order: one that had to be repeated comes later. */
const read = (office: LinesOffice) => office.said.map((one) => one.join(': ')).toSorted();

describe('a fault of the portal', () => {
  it('doubles and loses nothing, whatever it is', async () => {
    const office = await LinesOffice.open();
    const { faults } = office.portal;
    const wanted: string[] = [];
    for (const [round, kind] of kinds.entries()) {
      for (const method of ['send.messages', 'update.messages', 'send.status.delivery'])
        faults.on(`imconnector.${method}`, kind);
      faults.on('imconnector.send.messages', kind, { nth: 3 });
      wanted.push(...(await converse(office, round)));
      expect(read(office), kind).toEqual(wanted.toSorted());
      faults.clear();
    }
    expect(faults.happened.length).toBeGreaterThanOrEqual(3 * kinds.length);
    expect(office.sent).toHaveLength(2 * kinds.length);
    const answers = office.chat.messages.filter(({ from, text }) => from === 'operator' && text.startsWith('100'));
    expect(answers.map(({ status }) => status)).toEqual(kinds.map(() => 'delivered'));
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
    await office.portal.people.answerInOpenLine(1, 1, '100');
    office.deliveries.killAfter = 1;
    await office.send();
    expect(office.sent).toEqual(['100']);
    expect(office.chat.messages.at(-1)?.status).toBe('delivered');
  });
});
