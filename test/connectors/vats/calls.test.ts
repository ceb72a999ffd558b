import { describe, expect, it } from 'vitest';
import { CloudOffice } from './office.ts';

describe('a call', () => {
  it('is followed from its ring to its end', async () => {
    const office = await CloudOffice.open();
    await office.event('INCOMING', '101', {}, 0);
    await office.event('INCOMING', '102', {}, 0);
    expect(await office.call()).toMatchObject({
      direction: 'inbound',
      state: 'ringing',
      party: { phone: '+79161234567' },
      legs: [{ manager: { id: 'anna' } }, { manager: { id: 'boris' } }],
    });
    await office.event('ACCEPTED', '102');
    await office.event('CANCELLED', '101', {}, 0);
    expect(await office.call()).toMatchObject({ state: 'talking', handledBy: { id: 'boris' } });
    await office.event('COMPLETED', '102', {}, 30);
    const ended = await office.call();
    expect(ended).toMatchObject({ state: 'answered', waitSeconds: 5, talkSeconds: 30 });
    expect(ended.legs.map(({ outcome }) => outcome)).toEqual(['elsewhere', 'answered']);
    expect((await office.history({ ext: '102', duration: '30' })).status).toBe(200);
    expect(await office.call()).toMatchObject({ state: 'answered', talkSeconds: 30, recordings: [] });
  });

  it('that nobody answers is missed when its history comes', async () => {
    const office = await CloudOffice.open();
    await office.event('INCOMING', '101', {}, 0);
    await office.event('CANCELLED', '101', {}, 20);
    await office.event('INCOMING', '102', {}, 0);
    expect(await office.call()).toMatchObject({ state: 'ringing' });
    await office.event('CANCELLED', '102', {}, 20);
    await office.history({ status: 'Missed', duration: '0', ext: '' });
    const call = await office.call();
    expect(call).toMatchObject({ state: 'missed', handledBy: null, talkSeconds: 0 });
    expect(call.legs.map(({ outcome }) => outcome)).toEqual(['no_answer', 'no_answer']);
  });

  it('whose end gets lost is over after some silence', async () => {
    const office = await CloudOffice.open();
    await office.event('INCOMING', '101', {}, 0);
    await office.event('CANCELLED', '101', {}, 20);
    office.pass(120);
    await office.restart();
    await office.until(async () => expect(await office.call()).toMatchObject({ state: 'missed' }));
    expect(await office.call()).toMatchObject({ endedAt: '2026-11-24T09:00:20.000Z' });
  });

  it.each([
    ['the one who passes it on', '101'],
    ['the one who gets it', '102'],
  ])('is transferred, whether the message names %s', async (_who, named) => {
    const office = await CloudOffice.open();
    await office.event('INCOMING', '101', {}, 0);
    await office.event('ACCEPTED', '101');
    await office.event('TRANSFERRED', named, {}, 20);
    await office.event('COMPLETED', '101', {}, 0);
    await office.event('INCOMING', '102', {}, 0);
    expect(await office.call()).toMatchObject({ state: 'talking' });
    await office.event('ACCEPTED', '102');
    await office.event('COMPLETED', '102', {}, 30);
    const call = await office.call();
    expect(call).toMatchObject({
      state: 'answered',
      talkSeconds: 50,
      handledBy: { id: 'boris' },
      transfers: [{ from: { manager: { id: 'anna' } }, to: { manager: { id: 'boris' } }, outcome: 'done' }],
    });
    expect(call.legs.map(({ outcome }) => outcome)).toEqual(['answered', 'answered']);
  });

  it('to the outside has its result', async () => {
    const office = await CloudOffice.open();
    const out = { direction: 'out' };
    await office.event('OUTGOING', '101', out, 0);
    expect(await office.call()).toMatchObject({ direction: 'outbound', state: 'ringing' });
    await office.event('CANCELLED', '101', out, 9);
    await office.history({ type: 'out', status: 'Busy', duration: '0' });
    expect(await office.call()).toMatchObject({ state: 'unanswered', result: { reason: 'busy' } });
  });

  it('of which the history comes before the last event is whole', async () => {
    const office = await CloudOffice.open();
    await office.event('INCOMING', '101', {}, 0);
    await office.event('ACCEPTED', '101');
    office.pass(30);
    await office.history();
    await office.event('COMPLETED', '101', {}, 2);
    await office.event('INCOMING', '101', {}, 0);
    expect(await office.call()).toMatchObject({
      state: 'answered',
      talkSeconds: 30,
      endedAt: '2026-11-24T09:00:35.000Z',
    });
  });

  it('is the same however often a message is repeated', async () => {
    const office = await CloudOffice.open();
    const twice = async (type: string, after: number) => {
      await office.event(type, '101', {}, after);
      const { revision } = await office.call();
      await office.event(type, '101', {}, 0);
      expect((await office.call()).revision, type).toBe(revision);
    };
    await twice('INCOMING', 0);
    await twice('ACCEPTED', 5);
    await twice('COMPLETED', 30);
    await office.history();
    const { revision } = await office.call();
    await office.history();
    expect((await office.call()).revision).toBe(revision);
  });

  it('survives a restart at any message', async () => {
    const office = await CloudOffice.open();
    for (const [type, after] of [
      ['INCOMING', 0],
      ['ACCEPTED', 5],
      ['COMPLETED', 30],
    ] as const) {
      await office.event(type, '101', {}, after);
      await office.restart();
    }
    await office.history({ link: 'https://elsewhere.example/a.mp3' });
    expect(await office.call()).toMatchObject({
      state: 'answered',
      waitSeconds: 5,
      talkSeconds: 30,
      recordings: [{ leg: 0 }],
    });
  });

  it('of which only the history arrives is known from it', async () => {
    const office = await CloudOffice.open();
    office.pass(3600);
    await office.history();
    await office.history({ callid: 'c2', phone: '', status: 'Missed', duration: '0', ext: '' });
    const [missed, answered] = await office.calls();
    expect(answered).toMatchObject({
      state: 'answered',
      startedAt: '2026-11-24T09:00:00.000Z',
      talkSeconds: 30,
      handledBy: { id: 'anna' },
      reconstructed: true,
    });
    expect(missed).toMatchObject({ state: 'missed', party: { phone: null, withheld: true } });
  });

  it('has a history for each telephone, of which one was answered', async () => {
    const office = await CloudOffice.open();
    office.pass(60);
    await office.history({ ext: '102', status: 'Missed', duration: '0' });
    await office.history({ ext: '101' });
    await office.history({ ext: '103', status: 'Cancel', duration: '0' });
    expect(await office.call()).toMatchObject({ state: 'answered', handledBy: { id: 'anna' } });
  });

  it('and one that it is linked with are one', async () => {
    const office = await CloudOffice.open();
    await office.event('INCOMING', '101', {}, 0);
    await office.event('OUTGOING', '101', { callid: 'c2', direction: 'out', phone: '102' });
    await office.event('ACCEPTED', '102', { second_callid: 'c2' });
    expect(await office.call()).toMatchObject({ direction: 'inbound', state: 'talking' });
  });
});

describe('a message', () => {
  it('is acknowledged only when it is stored', async () => {
    const office = await CloudOffice.open();
    office.isStoreAway = true;
    await expect(office.event('INCOMING', '101')).rejects.toThrow('503');
    office.isStoreAway = false;
    await office.event('INCOMING', '101');
    expect(await office.call()).toMatchObject({ state: 'ringing' });
  });

  it('needs the key, and has to be understood', async () => {
    const office = await CloudOffice.open();
    const { server } = office;
    const invalid = { status: 400, text: '{"error":"Invalid parameters"}' };
    expect(await server.post({ cmd: 'event' }, 'other')).toEqual({ status: 401, text: '{"error":"Invalid token"}' });
    for (const fields of [
      {},
      { cmd: 'other' },
      { cmd: 'event', type: 'INCOMING' },
      { cmd: 'event', type: 'X', callid: '1' },
    ])
      expect(await server.post(fields as never)).toEqual(invalid);
    expect(await office.history({ duration: 'long' })).toEqual(invalid);
    expect(await office.history({ start: 'now' })).toEqual(invalid);
    expect(await office.history({ note: 'x'.repeat(70_000) })).toEqual(invalid);
    expect((await server.post({ cmd: 'rating', callid: 'c1', rating: '5' })).status).toBe(200);
    expect(await office.calls()).toEqual([]);
  });

  it('that names an employee by the login finds the telephone', async () => {
    const office = await CloudOffice.open({ logins: { petrov: '102' } });
    await office.event('INCOMING', '', { user: 'petrov@company' });
    expect((await office.call()).legs).toMatchObject([{ manager: { id: 'boris' } }]);
  });
});

describe('contact', () => {
  const ask = (office: CloudOffice) =>
    office.server.post({ cmd: 'contact', phone: '79161234567', callid: 'c1', diversion: '74951234567' });

  it('is answered with the name and where routing sends the call', async () => {
    const office = await CloudOffice.open();
    office.route = {
      client: { id: 'crm:1', name: 'Ромашка' },
      managers: [{ manager: { id: 'boris', name: 'Борис' }, extension: 'vats/102' }],
    };
    expect(JSON.parse((await ask(office)).text)).toEqual({ contact_name: 'Ромашка', responsible: '102' });
    office.route = { queue: '800', decision: 'queue' };
    expect(JSON.parse((await ask(office)).text)).toEqual({ contact_name: '', responsible: '800' });
  });

  it('has an empty answer if nothing is known', async () => {
    const office = await CloudOffice.open();
    expect(await ask(office)).toEqual({ status: 200, text: '{}' });
  });
});
