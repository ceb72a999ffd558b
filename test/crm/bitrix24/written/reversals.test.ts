import { describe, expect, it } from 'vitest';
import { letter } from '../../../support/written.ts';
import { Bureau } from './bureau.ts';
import { form, message } from './contacts.ts';

async function withTwo(settings: object = {}) {
  const bureau = await Bureau.open(settings);
  const [ivan, petr] = [bureau.card('CONTACT', { NAME: 'Ivan' }), bureau.card('CONTACT', { NAME: 'Petr' })];
  const ivanId = await bureau.know(`contact-${ivan}`, [
    { kind: 'email', value: 'ivan@example.com' },
    { kind: 'account', value: 'telegram:77' },
  ]);
  const petrId = await bureau.know(`contact-${petr}`, []);
  return { bureau, ivan, petr, ivanId, petrId };
}

describe('a contact that belongs to another client than thought', () => {
  it.each([
    ['a letter', letter('1')],
    ['a message', message('1')],
  ])('moves with its record: %s', async (_what, contact) => {
    const { bureau, ivan, petr, petrId } = await withTwo();
    await bureau.take(contact);
    const records = (card: number) => bureau.on('CONTACT', card).length + bureau.said('CONTACT', card).length;
    expect([records(ivan), records(petr)]).toEqual([1, 0]);
    const [interaction] = await bureau.contacts();
    if (interaction === undefined) throw new Error('no contact');
    await bureau.decide(interaction, { client: petrId });
    expect([records(ivan), records(petr)]).toEqual([0, 1]);
    expect(bureau.portal.state.complaints).toEqual([]);
  });

  it('moves with its owner and its communication, to all cards of the other client', async () => {
    const { bureau } = await withTwo();
    const company = bureau.card('COMPANY', { TITLE: 'Romashka' });
    const vera = bureau.card('CONTACT', { NAME: 'Vera', COMPANY_ID: String(company) });
    const deal = bureau.card('DEAL', { TITLE: 'New', CONTACT_ID: String(vera), CLOSED: 'N' });
    const person = { id: `contact-${vera}`, name: 'Vera', identifiers: [] };
    const other = await bureau.know(`company-${company}`, [], { contacts: [person] });
    await bureau.take(letter('1'));
    const [interaction] = await bureau.contacts();
    if (interaction === undefined) throw new Error('no contact');
    await bureau.decide(interaction, { client: other, contact: person.id });
    expect(bureau.all()[0]?.on).toEqual([`company-${company}`, `contact-${vera}`, `deal-${deal}`]);
    expect(bureau.portal.state.activities.get(1)?.fields).toMatchObject({
      OWNER_TYPE_ID: '2',
      OWNER_ID: String(deal),
      COMMUNICATIONS: [{ ENTITY_TYPE_ID: 3, ENTITY_ID: vera, VALUE: 'ivan@example.com' }],
    });
    expect(bureau.portal.state.complaints).toEqual([]);
  });

  it('is taken back if it belongs to nobody, and recorded again if that was wrong', async () => {
    const { bureau, ivan, ivanId } = await withTwo();
    await bureau.take(letter('1'));
    const [interaction] = await bureau.contacts();
    if (interaction === undefined) throw new Error('no contact');
    await bureau.decide(interaction, { client: null });
    expect(bureau.all()).toEqual([]);
    await bureau.decide(interaction, { client: ivanId });
    expect(bureau.on('CONTACT', ivan)).toHaveLength(1);
    await bureau.decide(interaction, { client: null });
    expect(bureau.all()).toEqual([]);
  });

  it('leaves the cards alone that a user of the portal has added', async () => {
    const { bureau, petr, petrId } = await withTwo();
    const other = bureau.card('CONTACT', { NAME: 'Other' });
    await bureau.take(letter('1'));
    bureau.portal.state.activities.get(1)?.bindings.push({ kind: 'CONTACT', id: other });
    const [interaction] = await bureau.contacts();
    if (interaction === undefined) throw new Error('no contact');
    await bureau.decide(interaction, { client: petrId });
    expect(bureau.all()[0]?.on).toEqual([`contact-${petr}`, `contact-${other}`].toSorted());
  });

  it('moves from the lead to the client who became known', async () => {
    const bureau = await Bureau.open();
    await bureau.take(form('1'));
    const contact = bureau.card('CONTACT', { NAME: 'Petr' });
    await bureau.know(`contact-${contact}`, [{ kind: 'phone', value: '+79161234567' }]);
    await bureau.apply([{ op: 'relink', at: bureau.now }]);
    await bureau.deliver();
    expect([bureau.said('LEAD', 1).length, bureau.said('CONTACT', contact).length]).toEqual([0, 1]);
  });

  it('waits for the directory if the portal has deleted the card', async () => {
    const { bureau, ivan } = await withTwo();
    bureau.portal.core.cards.CONTACT.delete(ivan);
    await bureau.intake.emit(letter('1'));
    await expect(bureau.deliver(6)).rejects.toThrow('still something owed');
    const [owed] = (await bureau.owed()).filter(({ kind }) => kind === 'interaction');
    expect(owed).toMatchObject({ state: 'due', lastReason: { code: 'cardGone' } });
    const merged = bureau.card('CONTACT', { NAME: 'Ivan' });
    await bureau.apply([{ op: 'delete-client', id: `b24:contact-${ivan}` as never, at: bureau.now }]);
    await bureau.know(`contact-${merged}`, [{ kind: 'email', value: 'ivan@example.com' }]);
    await bureau.deliver();
    expect(bureau.on('CONTACT', merged)).toHaveLength(1);
  });
});

describe('the deletion of a client', () => {
  it('leaves the portal as it is unless the settings say otherwise', async () => {
    const { bureau, ivan, ivanId } = await withTwo();
    await bureau.take(letter('1'));
    await bureau.apply([{ op: 'delete-client', id: ivanId, at: bureau.now }]);
    const [owed] = (await bureau.owed()).filter(({ kind }) => kind === 'client_erasure');
    expect(owed?.state).toBe('due');
    expect(bureau.on('CONTACT', ivan)).toHaveLength(1);
  });

  it('deletes our records there with `erase`, and says that calls stay', async () => {
    const { bureau, ivan, ivanId } = await withTwo({ written: { erase: true } });
    await bureau.take(letter('1'), message('2'));
    const call = { TYPE_ID: '2', PROVIDER_ID: 'VOXIMPLANT_CALL', SUBJECT: 'Call' };
    bureau.portal.state.activities.set(90, { id: 90, fields: call, bindings: [{ kind: 'CONTACT', id: ivan }] });
    const own = { TYPE_ID: '1', SUBJECT: 'Meeting', DESCRIPTION: 'by hand' };
    bureau.portal.state.activities.set(91, { id: 91, fields: own, bindings: [{ kind: 'CONTACT', id: ivan }] });
    await bureau.apply([{ op: 'delete-client', id: ivanId, at: bureau.now }]);
    await bureau.deliver();
    expect(bureau.on('CONTACT', ivan).map(({ subject }) => subject)).toEqual(['Call', 'Meeting']);
    expect(bureau.portal.state.comments.size).toBe(0);
    const [owed] = (await bureau.owed()).filter(({ kind }) => kind === 'client_erasure');
    expect(owed).toMatchObject({ state: 'parked', lastReason: { code: 'callsStay', values: { count: 1 } } });
  });
});
