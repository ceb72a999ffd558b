import { describe, expect, it } from 'vitest';
import type { ClientId } from '../../../../src/domain/base/ids.ts';
import { Branch, phone } from './branch.ts';
import { answered, at, outbound, ringing, rings, talked } from './flows.ts';

const party = { raw: phone, name: null, withheld: false };

async function withClient() {
  const branch = await Branch.open();
  const contact = branch.portal.core.cards.CONTACT.add({ NAME: 'Ivan', PHONE: [{ VALUE: phone }] });
  await branch.addClient(`contact-${contact}`, 'anna');
  return branch;
}

/** The cards that the activities of finished calls stand on. */
function cardsOf({ portal }: Branch) {
  return [...portal.state.activities.values()].map(({ bindings }) => bindings.map(({ kind, id }) => `${kind}-${id}`));
}

describe('a call that was registered', () => {
  it('before its number was known is finished with its number, on the client', async () => {
    const branch = await withClient();
    await branch.tell(ringing([rings('101')], { party: { ...party, raw: '', withheld: true } }));
    expect(branch.openCards()).toEqual([1]);
    await branch.tell(answered([talked('101', 5, 35)], 35, { party }));
    expect(branch.rows()).toEqual([{ userId: 1, phone, type: 2, duration: 30, code: '200', at: '09:00:00' }]);
    expect(cardsOf(branch)).toEqual([['CONTACT-1']]);
    expect(branch.openCards()).toEqual([]);
    expect(branch.portal.state.complaints).toEqual([]);
  });

  it('with what was dialled for an outside line is finished with the number', async () => {
    const branch = await withClient();
    await branch.tell(outbound('ringing', [rings('101')], null, { party: { ...party, raw: '9089161234567' } }));
    await branch.tell(outbound('answered', [talked('101', 5, 35)], 35, { party }));
    expect(branch.rows()).toMatchObject([{ phone, type: 1, duration: 30 }]);
    expect(cardsOf(branch)).toEqual([['CONTACT-1']]);
  });

  it('before its client was known stands on the client, once', async () => {
    const branch = await Branch.open();
    branch.portal.core.cards.CONTACT.add({ NAME: 'Ivan' });
    await branch.tell(ringing([rings('101')], { party }));
    await branch.addClient('contact-1', 'anna');
    const [call] = await branch.calls();
    const by = { id: 'anna', name: 'Manager anna' };
    const decision = { client: 'b24:contact-1' as ClientId };
    if (call === undefined) throw new Error('no call');
    await branch.apply([{ op: 'decide', id: call.id, ifRevision: null, by, decision, at: at(3) }]);
    branch.fault('batch', 'cut-after');
    await branch.tell(answered([talked('101', 5, 35)], 35, { party }));
    await branch.deliver();
    expect(branch.rows()).toHaveLength(1);
    expect(cardsOf(branch)).toEqual([['CONTACT-1']]);
    expect(branch.openCards()).toEqual([]);
  });
});
