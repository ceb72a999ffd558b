import type { LabAmi } from './ami.ts';
import { dids } from './config.ts';
import { act, bridged, channelState, client, type Flow, type FlowStage, pause } from './flow.ts';

const inbound = { direction: 'inbound', from: client, to: dids.direct } as const;

/** The agent on `from` presses the transfer key and dials `to`. `Atxfer` consults the other agent first, `BlindTransfer` does not. */
async function transfer(stage: FlowStage, kind: 'Atxfer' | 'BlindTransfer', from: string, to: string): Promise<void> {
  const channel = await bridged(stage, from);
  await pause(1000);
  await act(stage.pbx.ami, { Action: kind, Channel: channel, Exten: to, Context: 'internal' });
}

/** The consulting agent presses the key that turns the consultation into a conference (atxferthreeway). */
async function threeway(ami: LabAmi, channel: string): Promise<void> {
  for (const Digit of ['*', '3']) {
    await act(ami, { Action: 'PlayDTMF', Channel: channel, Digit, Receive: 'true' });
    await pause(200);
  }
}

/** Two calls: the client's, which ends with the client, and the consultation between 101 and 102. */
const amongColleagues = { direction: 'internal', from: '101', to: '102', state: 'answered' } as const;

/** Transfers, each of which has broken an integration. */
export const transferFlows: Readonly<Record<string, Flow>> = {
  'transfer-blind': async (stage) => {
    const { office } = stage;
    await office.phone('101', { kind: 'answer', afterMs: 1000 });
    await office.phone('102', { kind: 'answer', afterMs: 1500 });
    const caller = await office.callIn({ from: client, to: dids.direct, hangUpAfterMs: 6000 });
    await transfer(stage, 'BlindTransfer', '101', '102');
    await caller.done();
    return { ...inbound, talked: ['101', '102'], state: 'answered', note: 'AMI BlindTransfer' };
  },
  'transfer-blind-refer': async ({ office, pbx }) => {
    const refer = { afterMs: 1500, uri: `sip:102@127.0.0.1:${pbx.sipPort}` };
    await office.phone('101', { kind: 'answer', afterMs: 1000, refer });
    await office.phone('102', { kind: 'answer', afterMs: 1500 });
    const caller = await office.callIn({ from: client, to: dids.direct, hangUpAfterMs: 6000 });
    await caller.done();
    return { ...inbound, talked: ['101', '102'], state: 'answered', note: "the phone's own transfer key: SIP REFER" };
  },
  'transfer-blind-unavailable': async (stage) => {
    const { office } = stage;
    await office.phone('101', { kind: 'answer', afterMs: 1000 });
    const caller = await office.callIn({ from: client, to: dids.direct });
    await transfer(stage, 'BlindTransfer', '101', '105');
    await caller.done();
    return { ...inbound, talked: ['101'], state: 'answered', note: 'the target has no phone; the PBX hangs up' };
  },
  'transfer-blind-unanswered': async (stage) => {
    const { office } = stage;
    await office.phone('101', { kind: 'answer', afterMs: 1000 });
    await office.phone('102', { kind: 'ring' });
    const caller = await office.callIn({ from: client, to: dids.direct, hangUpAfterMs: 5000 });
    await transfer(stage, 'BlindTransfer', '101', '102');
    await caller.done();
    return { ...inbound, talked: ['101'], state: 'answered', note: 'the target rings; the caller gives up' };
  },
  'transfer-blind-queue': async (stage) => {
    const { office } = stage;
    await office.phone('103', { kind: 'ring' });
    await office.phone('101', { kind: 'answer', afterMs: 1000 });
    await office.phone('102', { kind: 'ring' });
    const caller = await office.callIn({ from: client, to: dids.queue, hangUpAfterMs: 8000 });
    await bridged(stage, '101');
    await office.phone('102', { kind: 'answer', afterMs: 1500 });
    await transfer(stage, 'BlindTransfer', '101', '102');
    await caller.done();
    return {
      ...inbound,
      to: dids.queue,
      talked: ['101', '102'],
      state: 'answered',
      note: 'queue → agent → blind transfer',
    };
  },
  'transfer-attended': async (stage) => {
    const { office } = stage;
    await office.phone('101', { kind: 'answer', afterMs: 1000, hangUpAfterMs: 6000 });
    await office.phone('102', { kind: 'answer', afterMs: 1500 });
    const caller = await office.callIn({ from: client, to: dids.direct, hangUpAfterMs: 10_000 });
    await transfer(stage, 'Atxfer', '101', '102');
    await caller.done();
    return { ...inbound, talked: ['101', '102'], state: 'answered', note: '101 speaks to 102 first, then hangs up' };
  },
  'transfer-attended-refused': async (stage) => {
    const { office } = stage;
    await office.phone('101', { kind: 'answer', afterMs: 1000 });
    await office.phone('102', { kind: 'refuse', status: 486, afterMs: 500 });
    const caller = await office.callIn({ from: client, to: dids.direct, hangUpAfterMs: 7000 });
    await transfer(stage, 'Atxfer', '101', '102');
    await caller.done();
    return { ...inbound, talked: ['101'], state: 'answered', note: '102 is busy; the caller comes back to 101' };
  },
  'transfer-party-leaves': async (stage) => {
    const { office } = stage;
    await office.phone('101', { kind: 'answer', afterMs: 1000, hangUpAfterMs: 9000 });
    await office.phone('102', { kind: 'answer', afterMs: 1000 });
    const caller = await office.callIn({ from: client, to: dids.direct, hangUpAfterMs: 6000 });
    await transfer(stage, 'Atxfer', '101', '102');
    await caller.done();
    return { ...amongColleagues, talked: ['101', '101', '102'], note: 'the caller gives up while 101 asks 102' };
  },
  'transfer-threeway-party-leaves': async (stage) => {
    const { office, pbx } = stage;
    await office.phone('101', { kind: 'answer', afterMs: 1000, hangUpAfterMs: 10_000 });
    await office.phone('102', { kind: 'answer', afterMs: 1000 });
    const caller = await office.callIn({ from: client, to: dids.direct, hangUpAfterMs: 7000 });
    await transfer(stage, 'Atxfer', '101', '102');
    await bridged(stage, '102');
    await pause(500);
    await threeway(pbx.ami, await bridged(stage, '101'));
    await caller.done();
    return {
      ...amongColleagues,
      talked: ['101', '101', '102', '102'],
      note: '101 joins all three; the caller leaves first',
    };
  },
  'transfer-blonde': async (stage) => {
    const { office } = stage;
    await office.phone('101', { kind: 'answer', afterMs: 1000, hangUpAfterMs: 4500 });
    await office.phone('102', { kind: 'answer', afterMs: 4000 });
    const caller = await office.callIn({ from: client, to: dids.direct, hangUpAfterMs: 10_000 });
    await transfer(stage, 'Atxfer', '101', '102');
    await caller.done();
    return { ...inbound, talked: ['101', '102'], state: 'answered', note: '101 hangs up while 102 still rings' };
  },
  'transfer-attended-queue': async (stage) => {
    const { office } = stage;
    await office.phone('101', { kind: 'answer', afterMs: 1000, hangUpAfterMs: 6000 });
    await office.phone('102', { kind: 'answer', afterMs: 1500 });
    const caller = await office.callIn({ from: client, to: dids.direct, hangUpAfterMs: 10_000 });
    await transfer(stage, 'Atxfer', '101', '600');
    await caller.done();
    return {
      ...inbound,
      talked: ['101', '102'],
      state: 'answered',
      note: '101 asks the queue 600, 102 takes it, 101 leaves',
    };
  },
  'transfer-attended-group': async (stage) => {
    const { office } = stage;
    await office.phone('101', { kind: 'answer', afterMs: 1000, hangUpAfterMs: 6000 });
    await office.phone('102', { kind: 'refuse', status: 486, afterMs: 100 });
    await office.phone('103', { kind: 'answer', afterMs: 1500 });
    const caller = await office.callIn({ from: client, to: dids.direct, hangUpAfterMs: 10_000 });
    await transfer(stage, 'Atxfer', '101', '602');
    await caller.done();
    return {
      ...inbound,
      talked: ['101', '103'],
      state: 'answered',
      note: '101 asks the ring group 602 (Local channels), 103 takes it',
    };
  },
  'park-returned': async (stage) => {
    const { office } = stage;
    await office.phone('101', { kind: 'answer', afterMs: 1000 });
    const caller = await office.callIn({ from: client, to: dids.direct, hangUpAfterMs: 12_000 });
    await bridged(stage, 'trunk');
    await pause(1000);
    const channel = await channelState(stage, 'trunk', 'Up');
    const agent = await channelState(stage, '101', 'Up');
    await act(stage.pbx.ami, { Action: 'Park', Channel: channel, TimeoutChannel: agent, Timeout: '3000' });
    await caller.done();
    return { ...inbound, talked: ['101', '101'], state: 'answered', note: 'parked for 3 s, comes back to 101' };
  },
  'park-retrieved': async (stage) => {
    const { office } = stage;
    await office.phone('101', { kind: 'answer', afterMs: 1000 });
    const caller = await office.callIn({ from: client, to: dids.direct, hangUpAfterMs: 8000 });
    await bridged(stage, 'trunk');
    await pause(1000);
    const channel = await channelState(stage, 'trunk', 'Up');
    const agent = await channelState(stage, '101', 'Up');
    await act(stage.pbx.ami, { Action: 'Park', Channel: channel, TimeoutChannel: agent, Timeout: '30000' });
    const parked = await stage.pbx.ami.waitFor('ParkedCall', (one) => one.Event === 'ParkedCall', 10_000, stage.since);
    await pause(1000);
    const taker = await office.dial({ from: '102', to: parked.ParkingSpace ?? '' });
    await Promise.all([caller.done(), taker.done()]);
    return { ...inbound, talked: ['101', '102'], state: 'answered', note: 'parked by 101, taken by 102' };
  },
  pickup: async (stage) => {
    const { office } = stage;
    await office.phone('101', { kind: 'ring' });
    const caller = await office.callIn({ from: client, to: dids.direct, hangUpAfterMs: 3000 });
    await channelState(stage, '101', 'Ringing');
    await pause(1000);
    const taker = await office.dial({ from: '103', to: '*8' });
    await Promise.all([caller.done(), taker.done()]);
    return { ...inbound, talked: ['103'], state: 'answered', note: '101 rings, 103 takes it by *8' };
  },
};
