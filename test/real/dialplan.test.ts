import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Asterisk, type AsteriskVersion } from './lab/asterisk.ts';
import { dids } from './lab/config.ts';
import { type DummyAnswer, GatewayPort } from './lab/dummy-gateway.ts';
import { client } from './lab/flow.ts';
import { freeTcpPort } from './lab/ports.ts';
import { printedConfig } from './lab/printed.ts';
import { SippOffice } from './lab/sipp.ts';

const connectedWithinMs = 2500;

function answer(dial: string, timeout = '20'): DummyAnswer {
  return { PATCHBAY_DECISION: 'responsible', PATCHBAY_DIAL: dial, PATCHBAY_EXTENSION: '', PATCHBAY_TIMEOUT: timeout };
}

const versions: readonly AsteriskVersion[] = ['22', '16'];
const ways = ['agi', 'curl'] as const;
const laboratories = versions.flatMap((version) => ways.map((way) => ({ version, way })));

describe.each(laboratories)('the printed dialplan on Asterisk $version, way $way', ({ version, way }) => {
  let pbx: Asterisk;
  let office: SippOffice;
  let gateway: GatewayPort;

  beforeAll(async () => {
    const port = await freeTcpPort();
    gateway = new GatewayPort(way, port);
    pbx = new Asterisk({ version, extra: printedConfig(port, { way, record: true }) });
    await pbx.start();
    office = new SippOffice(pbx);
  });

  afterEach(async () => {
    await pbx.idle();
    await office.stopAll();
    await gateway.clear();
  });

  afterAll(() => pbx.dispose());

  /** A call that the fallback's phone answers at once; returns how long the caller waited. */
  async function fallbackCall(): Promise<number> {
    const phone = await office.phone('104', { kind: 'answer', afterMs: 0 });
    const caller = await office.callIn({ from: client, to: dids.patchbay, hangUpAfterMs: 300 });
    const call = await caller.done();
    expect(phone.calls).toHaveLength(1);
    return (call.answeredAt ?? Number.POSITIVE_INFINITY) - call.invitedAt;
  }

  it('rings the phone that the gateway names', async () => {
    const dummy = await gateway.answering([answer('PJSIP/101')]);
    const phone = await office.phone('101', { kind: 'answer', afterMs: 500 });

    const caller = await office.callIn({ from: client, to: dids.patchbay, hangUpAfterMs: 1000 });
    const call = await caller.done();

    expect(call.status).toBe(200);
    expect(phone.calls).toHaveLength(1);
    expect(dummy.questions.map((one) => one.get('line'))).toEqual([dids.patchbay]);
    if (way === 'curl') {
      expect(dummy.authorizations).toEqual(['Bearer lab-token']);
      expect(dummy.questions[0]?.get('phone')).toBe(client);
      expect(dummy.questions[0]?.get('call')).toMatch(/^\d+\.\d+$/);
    }
  });

  it('asks again for another manager if nobody answered', async () => {
    const dummy = await gateway.answering([answer('PJSIP/101&Local/102@leg/n', '1'), answer('PJSIP/103')]);
    await office.phone('101', { kind: 'refuse', status: 486, afterMs: 100 });
    await office.phone('102', { kind: 'refuse', status: 486, afterMs: 100 });
    const third = await office.phone('103', { kind: 'answer', afterMs: 100 });

    const caller = await office.callIn({ from: client, to: dids.patchbay, hangUpAfterMs: 500 });
    await caller.done();

    expect(third.calls).toHaveLength(1);
    expect(dummy.questions.map((one) => (one.get('tried') ?? '').split(',').filter(Boolean))).toEqual([
      [],
      ['101', '102'],
    ]);
    if (way === 'curl') expect(dummy.authorizations).toEqual(['Bearer lab-token', 'Bearer lab-token']);
  });

  it('asks at most three times, then goes to the fallback', async () => {
    const dummy = await gateway.answering([answer('PJSIP/101')]);
    await office.phone('101', { kind: 'refuse', status: 486, afterMs: 50 });

    await fallbackCall();

    expect(dummy.questions).toHaveLength(3);
  });

  it('goes to the fallback if the gateway finds nobody', async () => {
    await gateway.answering([{ ...answer(''), PATCHBAY_DECISION: 'default' }]);

    await expect(fallbackCall()).resolves.toBeLessThan(connectedWithinMs);
  });

  it('goes to the fallback if the gateway rejects the request', async () => {
    await expect(fallbackCall()).resolves.toBeLessThan(connectedWithinMs);
  });

  it('goes to the fallback if the gateway is unreachable', async () => {
    const listener = await gateway.frozen();
    await listener.fill();

    await expect(fallbackCall()).resolves.toBeLessThan(connectedWithinMs);
  });

  if (way === 'agi')
    it('sends the call to the queue that the gateway names', async () => {
      await gateway.answering([
        { PATCHBAY_DECISION: 'queue', PATCHBAY_DIAL: '', PATCHBAY_EXTENSION: '600', PATCHBAY_TIMEOUT: '0' },
      ]);
      const since = pbx.ami.events.length;
      await office.phone('102', { kind: 'ring' });
      const agent = await office.phone('101', { kind: 'answer', afterMs: 500 });

      const caller = await office.callIn({ from: client, to: dids.patchbay, hangUpAfterMs: 2000 });
      await caller.done();

      expect(agent.calls[0]?.status).toBe(200);
      const joined = await pbx.ami.waitFor('QueueCallerJoin', (one) => one.Event === 'QueueCallerJoin', 1000, since);
      expect(joined.Queue).toBe('600');
    });

  if (way === 'curl')
    it('goes to the fallback if the gateway hangs', async () => {
      await gateway.frozen();

      await expect(fallbackCall()).resolves.toBeLessThan(connectedWithinMs);
    });

  if (way === 'curl')
    it.each([401, 500])('never dials the body of a %i error', async (status) => {
      await gateway.answering([answer('PJSIP/101')], status);

      await expect(fallbackCall()).resolves.toBeLessThan(connectedWithinMs);
    });

  it('accepts a withheld number', async () => {
    const dummy = await gateway.answering([answer('PJSIP/101')]);
    await office.phone('101', { kind: 'answer', afterMs: 100 });

    const caller = await office.callIn({ from: 'withheld', to: dids.patchbay, hangUpAfterMs: 300 });
    const call = await caller.done();

    expect(call.status).toBe(200);
    expect(dummy.questions).toHaveLength(1);
  });
});
