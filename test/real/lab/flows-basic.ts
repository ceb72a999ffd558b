import { dids } from './config.ts';
import { channelState, client, type Flow } from './flow.ts';
import { toneFile } from './tone.ts';

const inbound = { direction: 'inbound', from: client } as const;

/** The simple flows: one caller and at most one of our users. */
export const basicFlows: Readonly<Record<string, Flow>> = {
  'inbound-answered': async ({ office, pbx }) => {
    await office.phone('101', { kind: 'answer', afterMs: 2000 });
    const caller = await office.callIn({
      from: client,
      to: dids.direct,
      hangUpAfterMs: 4000,
      playFile: toneFile(pbx.dir),
    });
    await caller.done();
    return { ...inbound, to: dids.direct, talked: ['101'], state: 'answered', note: 'the caller hangs up; recorded' };
  },
  'inbound-answered-agent-hangs-up': async ({ office, pbx }) => {
    await office.phone('101', { kind: 'answer', afterMs: 1000, hangUpAfterMs: 3000 });
    const caller = await office.callIn({
      from: client,
      to: dids.direct,
      playFile: toneFile(pbx.dir),
      name: 'ООО Ромашка',
    });
    await caller.done();
    return {
      ...inbound,
      to: dids.direct,
      talked: ['101'],
      state: 'answered',
      note: 'the agent hangs up; the caller has a name in UTF-8',
    };
  },
  'inbound-unanswered': async ({ office }) => {
    await office.phone('101', { kind: 'ring' });
    const caller = await office.callIn({ from: client, to: dids.short });
    await caller.done();
    return { ...inbound, to: dids.short, talked: [], state: 'missed', note: 'rings 3 s, the PBX gives up' };
  },
  'inbound-busy': async ({ office }) => {
    await office.phone('101', { kind: 'refuse', status: 486, afterMs: 500 });
    const caller = await office.callIn({ from: client, to: dids.direct });
    await caller.done();
    return { ...inbound, to: dids.direct, talked: [], state: 'missed', note: 'the phone answers 486' };
  },
  'inbound-rejected': async ({ office }) => {
    await office.phone('101', { kind: 'refuse', status: 603, afterMs: 1500 });
    const caller = await office.callIn({ from: client, to: dids.direct });
    await caller.done();
    return { ...inbound, to: dids.direct, talked: [], state: 'missed', note: 'the phone answers 603' };
  },
  'inbound-abandoned': async ({ office }) => {
    await office.phone('101', { kind: 'ring' });
    const caller = await office.callIn({ from: client, to: dids.direct, cancelAfterMs: 2500 });
    await caller.done();
    return { ...inbound, to: dids.direct, talked: [], state: 'missed', note: 'the caller gives up while it rings' };
  },
  'inbound-withheld': async ({ office }) => {
    await office.phone('101', { kind: 'answer', afterMs: 1000 });
    const caller = await office.callIn({ from: 'withheld', to: dids.direct, hangUpAfterMs: 2000 });
    await caller.done();
    return { direction: 'inbound', from: 'withheld', to: dids.direct, talked: ['101'], state: 'answered' };
  },
  'inbound-unregistered': async ({ office }) => {
    const caller = await office.callIn({ from: client, to: dids.unregistered });
    await caller.done();
    return {
      ...inbound,
      to: dids.unregistered,
      talked: [],
      state: 'missed',
      note: '105 has no phone: no channel, no dial event',
    };
  },
  'inbound-hunt': async ({ office }) => {
    await office.phone('101', { kind: 'ring' });
    await office.phone('102', { kind: 'answer', afterMs: 1000 });
    const caller = await office.callIn({ from: client, to: dids.hunt, hangUpAfterMs: 2000 });
    await caller.done();
    return { ...inbound, to: dids.hunt, talked: ['102'], state: 'answered', note: '101 rings 2 s, then 102 answers' };
  },
  'outbound-answered': async ({ office, pbx }) => {
    await office.trunk({ kind: 'answer', afterMs: 2000 });
    const dialer = await office.dial({ from: '101', to: client, hangUpAfterMs: 3000, playFile: toneFile(pbx.dir) });
    await dialer.done();
    return { direction: 'outbound', from: '101', to: client, talked: ['101'], state: 'answered', note: 'recorded' };
  },
  'outbound-unanswered': async ({ office }) => {
    await office.trunk({ kind: 'ring' });
    const dialer = await office.dial({ from: '101', to: client, cancelAfterMs: 2000 });
    await dialer.done();
    return { direction: 'outbound', from: '101', to: client, talked: [], state: 'unanswered' };
  },
  'outbound-busy': async ({ office }) => {
    await office.trunk({ kind: 'refuse', status: 486, afterMs: 500 });
    const dialer = await office.dial({ from: '101', to: client });
    await dialer.done();
    return { direction: 'outbound', from: '101', to: client, talked: [], state: 'unanswered' };
  },
  'internal-answered': async ({ office }) => {
    await office.phone('102', { kind: 'answer', afterMs: 1000 });
    const dialer = await office.dial({ from: '101', to: '102', hangUpAfterMs: 2000 });
    await dialer.done();
    return { direction: 'internal', from: '101', to: '102', talked: ['101', '102'], state: 'answered' };
  },
  'group-answered': async ({ office, pbx }) => {
    await office.phone('101', { kind: 'ring' });
    await office.phone('102', { kind: 'answer', afterMs: 2000 });
    await office.phone('103', { kind: 'refuse', status: 486, afterMs: 200 });
    const caller = await office.callIn({
      from: client,
      to: dids.group,
      hangUpAfterMs: 3000,
      playFile: toneFile(pbx.dir),
    });
    await caller.done();
    return {
      ...inbound,
      to: dids.group,
      talked: ['102'],
      state: 'answered',
      note: 'Local channels; 101 rings, 103 is busy, 102 answers; recorded',
    };
  },
  'group-abandoned': async ({ office }) => {
    for (const extension of ['101', '102', '103']) await office.phone(extension, { kind: 'ring' });
    const caller = await office.callIn({ from: client, to: dids.group, cancelAfterMs: 2000 });
    await caller.done();
    return { ...inbound, to: dids.group, talked: [], state: 'missed' };
  },
  'group-mobile': async ({ office }) => {
    await office.phone('101', { kind: 'ring' });
    await office.trunk({ kind: 'answer', afterMs: 1500 });
    const caller = await office.callIn({ from: client, to: dids.mobile, hangUpAfterMs: 2500 });
    await caller.done();
    return {
      ...inbound,
      to: dids.mobile,
      talked: ['79990000099'],
      state: 'answered',
      note: 'the mobile answers through the trunk',
    };
  },
  'local-optimised': async ({ office, pbx }) => {
    await office.phone('101', { kind: 'answer', afterMs: 1000 });
    const caller = await office.callIn({
      from: client,
      to: dids.local,
      hangUpAfterMs: 2500,
      playFile: toneFile(pbx.dir),
    });
    await caller.done();
    return {
      ...inbound,
      to: dids.local,
      talked: ['101'],
      state: 'answered',
      note: 'the Local pair optimises itself away in mid call',
    };
  },
  'two-at-once': async (stage) => {
    const { office } = stage;
    await office.phone('101', { kind: 'answer', afterMs: 1000 });
    const first = await office.callIn({ from: client, to: dids.direct, hangUpAfterMs: 4000 });
    await channelState(stage, '101', 'Up');
    const second = await office.callIn({ from: client, to: dids.direct, hangUpAfterMs: 2000 });
    await Promise.all([first.done(), second.done()]);
    return {
      ...inbound,
      to: dids.direct,
      talked: ['101', '101'],
      state: 'answered',
      note: 'two calls between the same two numbers',
    };
  },
};
