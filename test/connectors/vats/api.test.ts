import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { eventKey, type InteractionId } from '../../../src/domain/base/ids.ts';
import type { Outbound } from '../../../src/domain/outbound/outbound.ts';
import { requestCall } from '../../../src/outbound/request-call.ts';
import { callStart, manager } from '../../support/calls.ts';
import type { VatsRow } from '../../support/vats-server.ts';
import { CloudOffice } from './office.ts';

const signal = AbortSignal.timeout(20_000);

/** A row of the list of ended calls. */
function row(uid: string, change: Partial<Record<number, string>> = {}): VatsRow {
  const cells = [uid, 'in', '79161234567', 'anna', '74951234567', '20261124T083000Z', '5', '30', ''];
  return cells.map((cell, i) => change[i] ?? cell) as unknown as VatsRow;
}

/** A call that a manager asked for. */
async function requested(office: CloudOffice): Promise<Outbound> {
  const parts = {
    apply: (writes: Parameters<typeof office.intake.apply>[0]) => office.intake.apply(writes),
    staff: () => ({ managers: [manager('anna', '101')], lines: [] }),
    sending: () => [{ connection: 'vats', channel: 'call' as const }],
    country: 'RU',
    clock: { now: () => callStart },
  };
  const by = { id: 'anna', name: 'Anna' };
  const request = { manager: 'anna', phone: '+79161234567', answers: null, key: eventKey('test', 'click'), by };
  const asked = await requestCall(parts, request);
  const [change] = 'result' in asked && asked.result?.ok === true ? asked.result.changes : [];
  const outbound = await office.store.read.outbound(change?.interaction.id as InteractionId);
  if (outbound === null) throw new Error('not stored');
  return outbound;
}

describe.each(['forms', 'megafon'] as const)('the interface %s', (api) => {
  it.each(['before', 'after'])('places a call, of which the first event comes %s the answer', async (order) => {
    const office = await CloudOffice.open({ api });
    const outbound = await requested(office);
    const out = { callid: 'made-1', direction: 'out' };
    const send = async () =>
      expect(await office.connection.send(outbound, signal)).toMatchObject({
        kind: 'sent',
        keys: [eventKey('vats', 'made-1')],
      });
    if (order === 'after') await send();
    else {
      office.server.delay = office.event('OUTGOING', '101', out);
      await send();
    }
    await office.event('OUTGOING', '101', out);
    expect(office.server.made).toMatchObject([{ user: '101', phone: '79161234567' }]);
    expect(await office.call()).toMatchObject({ id: outbound.id, state: 'ringing', direction: 'outbound' });
  });

  it('reads calls whose messages did not arrive, once', async () => {
    const office = await CloudOffice.open({ api });
    office.server.rows.push(row('r1'), row('r2', { 1: 'missed', 3: '', 7: '0' }));
    office.server.rows.push(row('r3', { 1: 'out', 2: '79160000000', 3: 'boris' }));
    await office.restart();
    await office.until(async () => expect(await office.calls()).toHaveLength(3));
    const states = (await office.calls()).map(({ direction, state, handledBy }) => [direction, state, handledBy?.id]);
    expect(states.toSorted()).toEqual([
      ['inbound', 'answered', 'anna'],
      ['inbound', 'missed', undefined],
      ['outbound', 'answered', 'boris'],
    ]);
    await office.restart();
    office.pass(7200);
    expect(await office.calls()).toHaveLength(3);
  });

  it('does not lose what was handed out when the store is away', async () => {
    const office = await CloudOffice.open({ api });
    office.isStoreAway = true;
    office.server.rows.push(row('r1'));
    await office.restart();
    await office.until(() => expect(office.states.at(-1)).not.toBe('ready'));
    office.isStoreAway = false;
    await office.restart();
    await office.until(async () => expect(await office.call()).toMatchObject({ state: 'answered', talkSeconds: 30 }));
  });
});

describe('the list of ended calls', () => {
  it('may have ids of its own', async () => {
    const office = await CloudOffice.open({ api: 'forms' });
    await office.event('INCOMING', '101', {}, 0);
    await office.event('ACCEPTED', '101');
    await office.event('COMPLETED', '101', {}, 30);
    office.server.rows.push(row('other', { 5: '20261124T090001Z' }));
    // The first reading may have been before.
    office.pass(600);
    await office.until(async () =>
      expect(await office.call()).toMatchObject({ state: 'answered', talkSeconds: 30, recordings: [] }),
    );
  }, 30_000);
});

describe('recordings', () => {
  it('are copied from the cloud PBX', async () => {
    const office = await CloudOffice.open({ api: 'forms' });
    office.server.sounds.set('/records/a.mp3', Buffer.from(`ID3${'sound'.repeat(50)}`));
    office.pass(60);
    await office.history({ link: `${office.server.url}/records/a.mp3` });
    await office.until(async () =>
      expect(await office.call()).toMatchObject({ recordings: [{ state: 'ready', mime: 'audio/mpeg', bytes: 253 }] }),
    );
    const [recording] = (await office.call()).recordings;
    const kept = await office.store.read.recording(recording?.id ?? '');
    expect(await text(await office.blobs.open(kept?.blob as never))).toMatch(/^ID3sound/);
  }, 30_000);

  it('at other hosts are not fetched', async () => {
    const office = await CloudOffice.open({ api: 'forms' });
    office.pass(60);
    await office.history({ link: 'http://169.254.169.254/latest' });
    await office.until(async () =>
      expect(await office.call()).toMatchObject({
        recordings: [{ state: 'missing', problemReason: { code: 'recordingHost' } }],
      }),
    );
  }, 30_000);

  it('that are not there yet are fetched after a restart', async () => {
    const office = await CloudOffice.open({ api: 'forms' });
    office.pass(60);
    await office.history({ link: `${office.server.url}/records/late.mp3` });
    await office.until(async () => expect((await office.call()).recordings[0]?.problemReason).not.toBeNull());
    office.server.sounds.set('/records/late.mp3', Buffer.from(`ID3${'sound'.repeat(50)}`));
    await office.restart();
    await office.until(async () => expect(await office.call()).toMatchObject({ recordings: [{ state: 'ready' }] }));
  }, 30_000);
});

describe('the state', () => {
  it('names managers whom the cloud PBX does not know', async () => {
    const office = await CloudOffice.open({ api: 'forms' });
    await office.until(() => expect(office.states.at(-1)).toBe('ready'));
    office.server.accounts.pop();
    await office.restart();
    await office.until(() => expect(office.states.at(-1)).toMatch(/^degraded: .*102/));
  });

  it('tells that the key is wrong', async () => {
    const office = await CloudOffice.open({ api: 'forms' });
    office.server.failures.push(401);
    await office.restart();
    await office.until(() => expect(office.states.at(-1)).toMatch(/^failed: /));
  });
});
