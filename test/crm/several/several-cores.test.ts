import { describe, expect, it } from 'vitest';
import type { WrittenContact } from '../../../src/domain/written/written-contact.ts';
import type { Portal } from '../../support/bitrix24/portal.ts';
import { endedCall, leg } from '../../support/calls.ts';
import { letter, writtenAt } from '../../support/written.ts';
import { form, message } from '../bitrix24/written/contacts.ts';
import { openHeadOffice, phones } from './head-office.ts';

let minutes = 0;

/** A later contact than the ones before. */
function later(contact: WrittenContact): WrittenContact {
  minutes += 1;
  return { ...contact, at: writtenAt + minutes * 60_000 };
}

/** A contact of somebody by telephone number. */
const of = (phone: string) => ({ party: { phone, email: null, account: null, name: null } });

/** Everything that people see in a portal beside the cards that it began with. */
function heldBy(portal: Portal) {
  const { activities, comments, statistics } = portal.state;
  return {
    calls: [...statistics.values()].map(({ userId, phone }) => `${phone} of user ${userId}`),
    records: [
      ...[...activities.values()].map(({ fields }) => String(fields.SUBJECT)),
      ...[...comments.values()].map(({ text }) => text.split('\n')[0]),
    ].toSorted(),
    leads: portal.cards('LEAD').length,
    contacts: portal.cards('CONTACT').length,
    deals: portal.cards('DEAL').length,
  };
}

/** An answered call of the client of the retail portal with Anna. */
function ritaCalls(id: string) {
  const start = writtenAt + 3600_000;
  const talk = { rangAt: start + 1000, talkedAt: start + 5000, endedAt: start + 35_000, outcome: 'answered' } as const;
  const party = { raw: phones.retail, name: null, withheld: false };
  return endedCall(id, { party, startedAt: start, endedAt: start + 35_000, legs: [leg('101', talk)] });
}

describe('two portals and a webhook at once', () => {
  it('each hold what their filters let in, and what comes to them later', async () => {
    const company = await openHeadOffice();
    const { retail, service, hub } = company;
    const colleague = { raw: '102', name: null, withheld: false };
    await company.take(later(form('a stranger', of('+79160000003'))));
    await company.take(ritaCalls('Rita calls'));
    const internal = await company.take(endedCall('colleagues', { direction: 'internal', party: colleague }));
    await company.take(later(letter('Sergey writes', { ...of(phones.service), subject: 'Sergey' })));
    await company.take(later(message('Sergey texts', of(phones.service))));
    const rita = await company.take(later(letter('Rita writes', { ...of(phones.retail), subject: 'Rita' })));
    await company.settled();

    // The stranger is nobody's yet: a lead in the one, a contact with a deal in the other.
    expect(heldBy(retail)).toEqual({
      calls: [`${phones.retail} of user 1`],
      records: [`Incoming call from ${phones.retail}`, 'Rita', 'Заявка с сайта от +79160000003'],
      ...{ leads: 1, contacts: 1, deals: 0 },
    });
    const before = {
      calls: [],
      records: ['Sergey', '[B]Заявка с сайта от +79160000003[/B]', `[B]Сообщение от ${phones.service}[/B]`].toSorted(),
      ...{ leads: 0, contacts: 2, deals: 1 },
    };
    expect(heldBy(service)).toEqual(before);
    expect(company.atHub().size).toBe(6);
    expect(company.atHub().get(internal.id)).toMatchObject({ direction: 'internal' });

    await company.handOver(rita.id, 'vera');
    await company.settled();
    // Rita is a stranger to the portal of the service department.
    expect(heldBy(service)).toEqual({
      ...before,
      records: ['Rita', ...before.records].toSorted(),
      ...{ contacts: 3, deals: 2 },
    });
    const letters = (portal: Portal) =>
      [...portal.state.activities.values()].filter(({ fields }) => fields.SUBJECT === 'Rita');
    expect([letters(retail).length, letters(service).length]).toEqual([1, 1]);
    expect(letters(service)[0]?.fields.RESPONSIBLE_ID).toBe(1);
    const { items } = await company.office.store.read.owed({ limit: 200, cursor: null });
    const ofRita = items.filter(({ subject, kind }) => subject === rita.id && kind === 'interaction');
    expect(ofRita.map(({ destination, state }) => `${destination} ${state}`).toSorted()).toEqual([
      'hub done',
      'retail done',
      'service done',
    ]);
    expect(new Set(ofRita.map(({ deliveredRevision }) => deliveredRevision)).size).toBe(1);
    expect([retail.state.complaints, service.state.complaints]).toEqual([[], []]);
    expect(hub.received.length).toBeGreaterThanOrEqual(7);
  }, 60_000);

  it('do not wait for one that is down, which is caught up afterwards', async () => {
    const company = await openHeadOffice();
    const { retail, service, office } = company;
    service.faults.everything = '503';
    await company.take(later(letter('Sergey writes', { ...of(phones.service), subject: 'Sergey' })));
    await company.take(ritaCalls('Rita calls'));
    await company.settled('service');
    expect(company.atHub().size).toBe(2);
    expect(heldBy(retail).calls).toHaveLength(1);
    expect(heldBy(service).records).toEqual([]);
    const waiting = (await office.store.read.owed({ limit: 50, cursor: null, state: 'due' })).items;
    expect(new Set(waiting.map(({ destination }) => destination))).toEqual(new Set(['service']));
    service.faults.everything = null;
    office.clock.shift(600_000);
    await company.settled();
    expect(heldBy(service).records).toEqual(['Sergey']);
  }, 60_000);

  it('share nothing: neither steps, links, secrets, limits, users nor clients', async () => {
    const company = await openHeadOffice();
    const { office, cores, retail, service } = company;
    const { read } = office.store;
    const { id } = await company.take(later(form('a stranger', of('+79160000003'))));
    await company.settled();
    const stepsAt = async (destination: string) =>
      (await read.ledger({ destination, kind: 'interaction', subject: id })).map(({ step }) => step);
    expect(await stepsAt('retail')).toContainEqual(expect.stringMatching(/^stranger made/));
    expect(await stepsAt('service')).toContainEqual(expect.stringMatching(/^stranger made/));
    const links = (await read.interaction(id))?.links;
    expect(links).toMatchObject({
      retail: { client: 'lead-1', deal: null },
      service: { client: 'contact-2', deal: 'deal-1' },
    });
    expect([await read.sealed('retail', 'tokens'), await read.sealed('service', 'tokens')]).toEqual([
      expect.any(String),
      null,
    ]);
    expect(company.buckets).toEqual(['retail', 'service']);
    // Both call their first contact `contact-1`, and mean different people by their first user.
    const names = ['retail:contact-1', 'service:contact-1'].map(async (one) => (await read.client(one as never))?.name);
    expect(await Promise.all(names)).toEqual(['Rita', 'Sergey']);
    const usersOf = ['retail', 'service'].map((core) => read.cursor(`crm:${core}`, 'users'));
    const [ofRetail, ofService] = (await Promise.all(usersOf)).map((text) => JSON.parse(text ?? '[]') as unknown);
    expect(ofRetail).toMatchObject([
      { id: '1', extension: '101' },
      { id: '2', extension: '102' },
    ]);
    expect(ofService).toMatchObject([
      { id: '1', extension: '103' },
      { id: '2', extension: '101' },
    ]);
    expect([cores.hookReceiver('retail') !== null, cores.hookReceiver('service')]).toEqual([true, null]);
    expect([retail.state.complaints, service.state.complaints]).toEqual([[], []]);
  }, 60_000);
});
