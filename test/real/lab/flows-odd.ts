import { createServer } from 'node:net';
import { act, bridged, channelState, type FlowStage, pause } from './flow.ts';
import { type OddPlaces, oddDids } from './odd-office.ts';
import { toneFile } from './tone.ts';

/** What an odd flow runs on. */
export interface OddStage extends FlowStage {
  readonly places: OddPlaces;
  /** The number of the client of this flow, which no other flow has. */
  readonly client: string;
}

/** What must come of an odd flow, known beforehand: patterns of `field-cases/match.mjs`, and the number of open tasks. */
export interface OddStory {
  readonly interactions: unknown;
  readonly tasks: number;
}

/** A flow that integrations tell wrong. It plays to its end. */
export type OddFlow = (stage: OddStage) => Promise<OddStory>;

/** The number that robots and managers show when they call out. */
const ourNumber = '74950000002';

const talked = (extension: string) => ({ kind: 'extension', extension, talkedAt: '*', outcome: 'answered' });
const inbound = (client: string, did: string) => ({
  direction: 'inbound',
  party: { phone: `+${client}` },
  line: { address: did },
});
const outbound = (client: string) => ({ direction: 'outbound', party: { phone: `+${client}` } });

/** A robot that rings the client by the trunk first. */
function robotRings({ pbx, client }: OddStage): Promise<void> {
  return act(pbx.ami, {
    Action: 'Originate',
    Channel: `PJSIP/${client}@trunk`,
    Context: 'internal',
    Exten: '101',
    Priority: '1',
    CallerID: ourNumber,
    Timeout: '15000',
    Async: 'true',
  });
}

/** The flows by name; those of `only22` need what Asterisk 16 lacks. */
export const oddFlows: Readonly<Record<string, OddFlow>> = {
  conference: async (stage) => {
    const { office, client } = stage;
    const caller = await office.callIn({ from: client, to: oddDids.conference });
    await bridged(stage, 'trunk');
    const agents = [];
    for (const from of ['101', '102']) {
      agents.push(await office.dial({ from, to: '800', hangUpAfterMs: 2500 }));
      await bridged(stage, from);
    }
    for (const agent of agents) await agent.done();
    await caller.stop();
    await act(stage.pbx.ami, { Action: 'Hangup', Channel: await channelState(stage, 'trunk', 'Up') });
    const handledBy = { any: [{ id: 'm101' }, { id: 'm102' }] };
    const legs = { some: [talked('101'), talked('102')] };
    return {
      interactions: [{ ...inbound(client, oddDids.conference), state: 'answered', handledBy, legs }],
      tasks: 0,
    };
  },
  'voicemail behind a Local channel': async ({ office, client, pbx }) => {
    await office.phone('101', { kind: 'ring' });
    const caller = await office.callIn({
      from: client,
      to: oddDids.voicemailBehindLocal,
      hangUpAfterMs: 4000,
      playFile: toneFile(pbx.dir),
    });
    await caller.done();
    const legs = { some: [{ kind: 'voicemail', extension: '101' }] };
    return {
      interactions: [{ ...inbound(client, oddDids.voicemailBehindLocal), state: 'missed', legs }],
      tasks: 1,
    };
  },
  'a robot rings the client first, who is connected with 101': async (stage) => {
    const { office, client } = stage;
    await office.trunk({ kind: 'answer', afterMs: 1000 });
    await office.phone('101', { kind: 'answer', afterMs: 1000, hangUpAfterMs: 2000 });
    await robotRings(stage);
    await bridged(stage, '101');
    return {
      interactions: [
        {
          ...outbound(client),
          state: 'answered',
          handledBy: { id: 'm101' },
          legs: { some: [talked('101')] },
        },
      ],
      tasks: 0,
    };
  },
  'a robot rings the client first, who refuses': async (stage) => {
    await stage.office.trunk({ kind: 'refuse', status: 603, afterMs: 1000 });
    await robotRings(stage);
    await stage.pbx.ami.waitFor('the answer', (one) => one.Event === 'OriginateResponse', 20_000, stage.since);
    return { interactions: [{ ...outbound(stage.client), state: 'unanswered', handledBy: null }], tasks: 0 };
  },
  'an Originate of a phone that is not there': async (stage) => {
    await act(stage.pbx.ami, {
      Action: 'Originate',
      Channel: 'PJSIP/105',
      Context: 'internal',
      Exten: stage.client,
      Priority: '1',
      CallerID: stage.client,
      Timeout: '5000',
      Async: 'true',
    });
    await stage.pbx.ami.waitFor('the answer', (one) => one.Event === 'OriginateResponse', 20_000, stage.since);
    const failed = { ...outbound(stage.client), state: { any: ['failed', 'unanswered'] }, handledBy: null };
    return { interactions: { any: [[], [failed]] }, tasks: 0 };
  },
  'a colleague of another office calls in, and nobody answers': async (stage) => {
    await stage.office.phone('101', { kind: 'ring' });
    const caller = await stage.office.callFrom(stage.places.otherOffice.ip, { from: '305', to: '101' });
    await channelState(stage, '101', 'Ringing');
    await caller.exited().catch(() => undefined);
    return { interactions: [{ direction: 'internal', party: { phone: null } }], tasks: 0 };
  },
  'a colleague of another office is called': async (stage) => {
    await stage.office.further('office2', stage.places.otherOffice, { kind: 'answer', afterMs: 500 });
    const caller = await stage.office.dial({ from: '101', to: '305', hangUpAfterMs: 2000 });
    await caller.done();
    return { interactions: [{ direction: 'internal', state: 'answered', party: { phone: null } }], tasks: 0 };
  },
  'the browser phone of 201 answers': async (stage) => {
    const { office, client, places } = stage;
    await office.further('phone-201', places.browser, { kind: 'answer', afterMs: 500 });
    const caller = await office.callIn({ from: client, to: oddDids.browser, hangUpAfterMs: 2000 });
    await caller.done();
    return {
      interactions: [
        {
          ...inbound(client, oddDids.browser),
          state: 'answered',
          handledBy: { id: 'm201' },
          legs: [talked('201')],
        },
      ],
      tasks: 0,
    };
  },
  'a phone answers whose owner only the database of the PBX names': async ({ office, client, places }) => {
    await office.further('reception', places.reception, { kind: 'answer', afterMs: 500 });
    const caller = await office.callIn({ from: client, to: oddDids.reception, hangUpAfterMs: 2000 });
    await caller.done();
    return {
      interactions: [
        {
          ...inbound(client, oddDids.reception),
          state: 'answered',
          handledBy: { id: 'm102' },
          legs: [talked('102')],
        },
      ],
      tasks: 0,
    };
  },
  'the browser phone of 201 calls a client': async ({ office, client }) => {
    await office.trunk({ kind: 'answer', afterMs: 500 });
    const caller = await office.dial({ from: '201-WS', to: client, hangUpAfterMs: 2000 });
    await caller.done();
    return {
      interactions: [{ ...outbound(client), state: 'answered', handledBy: { id: 'm201' }, legs: [talked('201')] }],
      tasks: 0,
    };
  },
  'the first trunk is congested, the second one carries the call': async ({ office, client, places }) => {
    await office.trunk({ kind: 'refuse', status: 503, afterMs: 200 });
    await office.further('prov2', places.secondTrunk, { kind: 'answer', afterMs: 500 });
    const caller = await office.dial({ from: '101', to: `9${client}`, hangUpAfterMs: 2000 });
    await caller.done();
    return {
      interactions: [{ ...outbound(client), state: 'answered', handledBy: { id: 'm101' }, line: { address: 'prov2' } }],
      tasks: 0,
    };
  },
  'a supervisor listens in by a code': async (stage) => {
    const { office, client } = stage;
    await office.phone('101', { kind: 'answer', afterMs: 500 });
    const caller = await office.callIn({ from: client, to: oddDids.plain, hangUpAfterMs: 4000 });
    await bridged(stage, '101');
    const spy = await office.dial({ from: '102', to: '555101', hangUpAfterMs: 1500 });
    await spy.done();
    await caller.done();
    return {
      interactions: [{ ...inbound(client, oddDids.plain), state: 'answered', handledBy: { id: 'm101' } }],
      tasks: 0,
    };
  },
  'a menu in ExecIf': async ({ office, client }) => {
    const caller = await office.callIn({ from: client, to: oddDids.menu, hangUpAfterMs: 1500 });
    await caller.done();
    return {
      interactions: [{ ...inbound(client, oddDids.menu), state: 'missed', legs: [{ kind: 'ivr' }] }],
      tasks: 1,
    };
  },
  'an external media channel beside a call': async (stage) => {
    const { office, client, pbx } = stage;
    await office.phone('101', { kind: 'answer', afterMs: 500 });
    const caller = await office.callIn({ from: client, to: oddDids.plain, hangUpAfterMs: 3000 });
    await bridged(stage, '101');
    await act(pbx.ami, {
      Action: 'Originate',
      Channel: 'UnicastRTP/127.0.0.1:40000',
      Application: 'Wait',
      Data: '1',
      CallerID: client,
      Async: 'true',
    });
    await pbx.ami.waitFor('the answer', (one) => one.Event === 'OriginateResponse', 20_000, stage.since);
    await caller.done();
    return {
      interactions: [{ ...inbound(client, oddDids.plain), state: 'answered', handledBy: { id: 'm101' } }],
      tasks: 0,
    };
  },
};

/** Flows of applications that Asterisk 16 does not have. */
export const oddFlowsOf22: Readonly<Record<string, OddFlow>> = {
  'a voice bot by AudioSocket, then 101': async ({ office, client, places }) => {
    await office.phone('101', { kind: 'answer', afterMs: 500 });
    const bot = createServer((socket) => {
      socket.resume().on('error', () => undefined);
      // A packet of kind 0 hangs up: https://docs.asterisk.org/Configuration/Channel-Drivers/AudioSocket/
      setTimeout(() => socket.end(Buffer.from([0, 0, 0])), 1000);
    });
    await new Promise<void>((resolve) => bot.listen(places.bot, '127.0.0.1', resolve));
    try {
      const caller = await office.callIn({ from: client, to: oddDids.bot, hangUpAfterMs: 4000 });
      await caller.done();
    } finally {
      bot.close();
    }
    await pause(100);
    return {
      interactions: [{ ...inbound(client, oddDids.bot), state: 'answered', handledBy: { id: 'm101' } }],
      tasks: 0,
    };
  },
};
