import { dids } from './config.ts';
import { act, channelState, client, type Flow, pause } from './flow.ts';
import { toneFile } from './tone.ts';

const inbound = { direction: 'inbound', from: client } as const;

/** Queues, menus, voicemail, forwarding, several devices, click-to-call. */
export const moreFlows: Readonly<Record<string, Flow>> = {
  'queue-answered': async ({ office, pbx }) => {
    await office.phone('101', { kind: 'ring' });
    await office.phone('102', { kind: 'answer', afterMs: 2000 });
    const caller = await office.callIn({
      from: client,
      to: dids.queue,
      hangUpAfterMs: 5000,
      playFile: toneFile(pbx.dir),
    });
    await caller.done();
    return {
      ...inbound,
      to: dids.queue,
      talked: ['102'],
      state: 'answered',
      note: 'both agents ring, 102 answers; recorded',
    };
  },
  'queue-abandoned': async ({ office }) => {
    for (const extension of ['101', '102']) await office.phone(extension, { kind: 'ring' });
    const caller = await office.callIn({ from: client, to: dids.queue, hangUpAfterMs: 3000 });
    await caller.done();
    return { ...inbound, to: dids.queue, talked: [], state: 'missed', note: 'the queue has answered, no human has' };
  },
  'ivr-abandoned': async ({ office }) => {
    const caller = await office.callIn({ from: client, to: dids.ivr, hangUpAfterMs: 2500 });
    await caller.done();
    return { ...inbound, to: dids.ivr, talked: [], state: 'missed', note: 'the menu has answered, no human has' };
  },
  'ivr-answered': async ({ office }) => {
    await office.phone('101', { kind: 'answer', afterMs: 1500 });
    const caller = await office.callIn({
      from: client,
      to: dids.ivr,
      digits: [{ digit: '1', afterMs: 1000 }],
      hangUpAfterMs: 4000,
    });
    await caller.done();
    return { ...inbound, to: dids.ivr, talked: ['101'], state: 'answered', note: 'the caller presses 1' };
  },
  voicemail: async ({ office, pbx }) => {
    await office.phone('102', { kind: 'ring' });
    const caller = await office.callIn({
      from: client,
      to: dids.voicemail,
      hangUpAfterMs: 12_000,
      playFile: toneFile(pbx.dir),
    });
    await caller.done();
    return {
      ...inbound,
      to: dids.voicemail,
      talked: [],
      state: 'missed',
      note: '102 rings 2 s; the caller leaves a message',
    };
  },
  'redirect-extension': async ({ office, pbx }) => {
    await office.phone('101', { kind: 'redirect', uri: `sip:102@127.0.0.1:${pbx.sipPort}` });
    await office.phone('102', { kind: 'answer', afterMs: 1000 });
    const caller = await office.callIn({ from: client, to: dids.direct, hangUpAfterMs: 2500 });
    await caller.done();
    return { ...inbound, to: dids.direct, talked: ['102'], state: 'answered', note: '101 forwards to 102 by 302' };
  },
  'redirect-mobile': async ({ office, pbx }) => {
    await office.phone('101', { kind: 'redirect', uri: `sip:79990000099@127.0.0.1:${pbx.sipPort}` });
    await office.trunk({ kind: 'answer', afterMs: 1000 });
    const caller = await office.callIn({ from: client, to: dids.direct, hangUpAfterMs: 2500 });
    await caller.done();
    return {
      ...inbound,
      to: dids.direct,
      talked: ['79990000099'],
      state: 'answered',
      note: '101 forwards to a mobile by 302',
    };
  },
  'two-devices': async ({ office }) => {
    await office.register('105', { kind: 'refuse', status: 486, afterMs: 500 }, 60);
    await office.register('105', { kind: 'answer', afterMs: 1500 }, 60, 2);
    const caller = await office.callIn({ from: client, to: dids.devices, hangUpAfterMs: 2500 });
    await caller.done();
    await office.unregister('105');
    return {
      ...inbound,
      to: dids.devices,
      talked: ['105'],
      state: 'answered',
      note: 'one device of 105 refuses, the other answers',
    };
  },
  'click-to-call': async ({ office, pbx }) => {
    await office.phone('101', { kind: 'answer', afterMs: 1000 });
    await office.trunk({ kind: 'answer', afterMs: 1500, hangUpAfterMs: 2500 });
    await act(pbx.ami, {
      Action: 'Originate',
      Channel: 'PJSIP/101',
      Exten: client,
      Context: 'internal',
      Priority: '1',
      CallerID: client,
      Timeout: '20000',
      Async: 'true',
    });
    await pbx.ami.waitFor('OriginateResponse', (one) => one.Event === 'OriginateResponse');
    return {
      direction: 'outbound',
      from: '101',
      to: client,
      talked: ['101'],
      state: 'answered',
      note: 'Originate: agent first',
    };
  },
  'click-to-call-local': async (stage) => {
    const { office, pbx } = stage;
    await office.phone('101', { kind: 'answer', afterMs: 1000 });
    await office.trunk({ kind: 'answer', afterMs: 1500, hangUpAfterMs: 2500 });
    await act(pbx.ami, {
      Action: 'Originate',
      Channel: 'Local/101@leg',
      Exten: client,
      Context: 'internal',
      Priority: '1',
      CallerID: client,
      Timeout: '20000',
      Async: 'true',
    });
    await channelState(stage, 'trunk', 'Up');
    return {
      direction: 'outbound',
      from: '101',
      to: client,
      talked: ['101'],
      state: 'answered',
      note: 'Originate through a Local channel',
    };
  },
  'click-to-call-refused': async ({ office, pbx }) => {
    await office.phone('101', { kind: 'refuse', status: 603, afterMs: 1000 });
    await act(pbx.ami, {
      Action: 'Originate',
      Channel: 'PJSIP/101',
      Exten: client,
      Context: 'internal',
      Priority: '1',
      CallerID: client,
      Timeout: '20000',
      Async: 'true',
    });
    await pbx.ami.waitFor('OriginateResponse', (one) => one.Event === 'OriginateResponse');
    return {
      direction: 'outbound',
      from: '101',
      to: client,
      talked: [],
      state: 'unanswered',
      note: 'the agent does not take the first leg',
    };
  },
  'caller-of-many': async (stage) => {
    const { office } = stage;
    await office.phone('101', { kind: 'ring' });
    const first = await office.callIn({ from: client, to: dids.direct, cancelAfterMs: 1500 });
    await first.done();
    await pause(500);
    await office.phone('101', { kind: 'answer', afterMs: 500 });
    const second = await office.callIn({ from: client, to: dids.direct, hangUpAfterMs: 1500 });
    await second.done();
    return {
      ...inbound,
      to: dids.direct,
      talked: ['101'],
      state: 'answered',
      note: 'gives up, then calls again: two calls, the first missed',
    };
  },
};
