import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { sleep } from '../../runtime/sleep.ts';
import { askRoute } from './agi-side.ts';
import { type AmiFields, AmiSide } from './ami-side.ts';
import { type RecordedAttempt, recordLine } from './call-record.ts';

/** How one simulated call goes; times in milliseconds of simulated time. */
export interface CallScript {
  readonly from: string;
  readonly name: string;
  readonly did: string;
  readonly ringMs: number;
  /** 0: nobody answers. */
  readonly talkMs: number;
}

/** How the simulated call ended. */
export interface CallRecordOfPbx {
  readonly linkedid: string;
  readonly answeredBy: string | null;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly endedAt: number;
}

/** How the simulated PBX is set up. */
export interface ScriptedPbxOptions {
  readonly username: string;
  readonly secret: string;
  readonly extensions: readonly string[];
  /** Divides every wait: 10 plays ten minutes in one. */
  readonly speed: number;
  /** Whom the dialplan rings when the gateway gives no answer; nobody unless told. */
  readonly fallback?: readonly string[];
  /** Where the call record (Master.csv) is written; none unless told. */
  readonly record?: string;
}

interface Channel {
  readonly name: string;
  readonly uniqueid: string;
  readonly linkedid: string;
  readonly number: string;
  readonly callerName: string;
  readonly exten: string;
  /** Whom it is connected with, once that is known; `<unknown>` before. */
  connected: string;
  readonly startedAt: number;
  state: 'Down' | 'Ring' | 'Ringing' | 'Up';
  bridge: string;
}

const stateNumbers = { Down: 0, Ring: 4, Ringing: 5, Up: 6 } as const;

/**
 * A PBX that exists only as what it says: AMI events in Asterisk's order and FastAGI questions over
 * real sockets. Everything behind these sockets is Patchbay as it is.
 */
export class ScriptedPbx {
  readonly ami: AmiSide;
  readonly #channels = new Map<string, Channel>();
  readonly #options: ScriptedPbxOptions;
  #serial = 0;

  constructor(options: ScriptedPbxOptions) {
    this.#options = options;
    this.ami = new AmiSide(options, {
      list: () => [...this.#channels.values()].map((channel) => this.#status(channel)),
      devices: () =>
        this.#options.extensions.map((extension) => ({
          Device: `PJSIP/${extension}`,
          State: this.#busy(extension) ? 'INUSE' : 'NOT_INUSE',
        })),
    });
  }

  /** Plays an inbound call from its first event to the last hang-up. */
  async inbound(script: CallScript, agiPort: number, signal: AbortSignal): Promise<CallRecordOfPbx> {
    const caller = this.#open('trunk', script.from, script.name, script.did, null, 'Ring');
    const tried: string[] = [];
    const attempts: RecordedAttempt[] = [];
    let answeredBy: string | null = null;
    for (let attempt = 0; attempt < 3 && answeredBy === null && !signal.aborted; attempt += 1) {
      const variables = await askRoute({
        port: agiPort,
        channel: caller.name,
        uniqueid: caller.uniqueid,
        callerNumber: script.from,
        callerName: script.name,
        did: script.did,
        tried,
      });
      const extensions = dialled(variables.get('PATCHBAY_DIAL') ?? '', this.#options.fallback ?? [], tried);
      if (extensions.length === 0) break;
      tried.push(...extensions);
      const answers = script.talkMs > 0 && (attempt > 0 || script.ringMs < 15_000);
      const begun = Date.now();
      answeredBy = await this.#dial(caller, extensions, Math.min(script.ringMs, 20_000), answers, signal);
      const extension = answeredBy ?? extensions[0] ?? '';
      attempts.push({ extension, begun, ended: Date.now(), answered: answeredBy === null ? null : Date.now() });
    }
    if (answeredBy === null) this.#hangup(caller, 16);
    else {
      await this.#wait(script.talkMs, signal);
      this.#hangUpTalk(caller);
    }
    const endedAt = Date.now();
    this.#record(caller, attempts, endedAt);
    return { linkedid: caller.linkedid, answeredBy, startedAt: caller.startedAt, endedAt };
  }

  /** As cdr_csv does: after the hang-up, a line for each attempt. */
  #record(caller: Channel, attempts: readonly RecordedAttempt[], endedAt: number): void {
    if (this.#options.record === undefined) return;
    const nobody = { extension: null, begun: caller.startedAt, ended: endedAt, answered: null };
    for (const attempt of attempts.length === 0 ? [nobody] : attempts) {
      const ended = attempt.answered === null ? attempt.ended : endedAt;
      this.#serial += 1;
      appendFileSync(
        this.#options.record,
        recordLine({ ...attempt, ended }, { ...caller, source: caller.number, did: caller.exten }, this.#serial),
      );
    }
  }

  async #dial(
    caller: Channel,
    extensions: readonly string[],
    ringMs: number,
    answers: boolean,
    signal: AbortSignal,
  ): Promise<string | null> {
    const free = extensions.filter((extension) => !this.#busy(extension));
    const legs = free.map((extension) => this.#open(extension, extension, '', caller.exten, caller, 'Down'));
    for (const leg of legs) {
      if (caller.number !== '') leg.connected = caller.number;
      this.ami.event('DialBegin', { ...fieldsOf(caller), ...destOf(leg), DialString: leg.number });
      this.#newState(leg, 'Ringing');
      this.#device(leg.number, 'RINGING');
    }
    await this.#wait(ringMs, signal);
    const [winner, ...others] = answers ? legs : [];
    for (const leg of winner === undefined ? legs : others) {
      this.ami.event('DialEnd', {
        ...fieldsOf(caller),
        ...destOf(leg),
        DialStatus: winner === undefined ? 'NOANSWER' : 'CANCEL',
      });
      this.#hangup(leg, winner === undefined ? 16 : 26);
    }
    if (winner === undefined) return null;
    this.#newState(winner, 'Up');
    this.ami.event('DialEnd', { ...fieldsOf(caller), ...destOf(winner), DialStatus: 'ANSWER' });
    caller.connected = winner.number;
    this.#newState(caller, 'Up');
    this.#device(winner.number, 'INUSE');
    const bridge = {
      BridgeUniqueid: randomUUID(),
      BridgeType: 'basic',
      BridgeTechnology: 'simple_bridge',
      BridgeCreator: '<unknown>',
      BridgeName: '<unknown>',
    };
    this.ami.event('BridgeCreate', { ...bridge, BridgeNumChannels: 0 });
    for (const [i, channel] of [winner, caller].entries()) {
      channel.bridge = bridge.BridgeUniqueid;
      this.ami.event('BridgeEnter', { ...bridge, BridgeNumChannels: i + 1, ...fieldsOf(channel) });
    }
    return winner.number;
  }

  #hangUpTalk(caller: Channel): void {
    const { bridge } = caller;
    const both = [...this.#channels.values()].filter((channel) => channel.bridge === bridge && bridge !== '');
    for (const [i, channel] of both.entries()) {
      this.ami.event('BridgeLeave', {
        BridgeUniqueid: bridge,
        BridgeNumChannels: both.length - 1 - i,
        ...fieldsOf(channel),
      });
      channel.bridge = '';
    }
    this.ami.event('BridgeDestroy', { BridgeUniqueid: bridge, BridgeNumChannels: 0 });
    for (const channel of both) this.#hangup(channel, 16);
  }

  #open(
    endpoint: string,
    number: string,
    callerName: string,
    exten: string,
    parent: Channel | null,
    state: Channel['state'],
  ): Channel {
    this.#serial += 1;
    const uniqueid = `${Math.floor(Date.now() / 1000)}.${this.#serial}`;
    const channel: Channel = {
      name: `PJSIP/${endpoint}-${this.#serial.toString(16).padStart(8, '0')}`,
      uniqueid,
      linkedid: parent?.linkedid ?? uniqueid,
      number,
      callerName,
      exten,
      connected: '<unknown>',
      startedAt: Date.now(),
      state,
      bridge: '',
    };
    this.#channels.set(uniqueid, channel);
    this.ami.event('Newchannel', fieldsOf(channel));
    return channel;
  }

  #newState(channel: Channel, state: Channel['state']): void {
    channel.state = state;
    this.ami.event('Newstate', fieldsOf(channel));
  }

  #hangup(channel: Channel, cause: number): void {
    this.#channels.delete(channel.uniqueid);
    this.ami.event('Hangup', {
      ...fieldsOf(channel),
      Cause: cause,
      'Cause-txt': cause === 16 ? 'Normal Clearing' : 'Answered elsewhere',
    });
    if (this.#options.extensions.includes(channel.number)) this.#device(channel.number, 'NOT_INUSE');
  }

  #device(extension: string, state: string): void {
    this.ami.event('DeviceStateChange', { Device: `PJSIP/${extension}`, State: state });
  }

  #busy(extension: string): boolean {
    return [...this.#channels.values()].some((channel) => channel.name.startsWith(`PJSIP/${extension}-`));
  }

  #status(channel: Channel): AmiFields {
    const seconds = Math.round((Date.now() - channel.startedAt) / 1000);
    const duration = new Date(seconds * 1000).toISOString().slice(11, 19);
    return {
      ...fieldsOf(channel),
      BridgeId: channel.bridge,
      BridgeID: channel.bridge,
      Duration: duration,
      Seconds: seconds,
      Application: 'Dial',
    };
  }

  #wait(ms: number, signal: AbortSignal): Promise<void> {
    return sleep(ms / this.#options.speed, signal);
  }
}

function fieldsOf(channel: Channel): AmiFields {
  return {
    Channel: channel.name,
    ChannelState: stateNumbers[channel.state],
    ChannelStateDesc: channel.state,
    CallerIDNum: channel.number === '' ? '<unknown>' : channel.number,
    CallerIDName: channel.callerName === '' ? '<unknown>' : channel.callerName,
    ConnectedLineNum: channel.connected,
    ConnectedLineName: '<unknown>',
    Language: 'ru',
    AccountCode: '',
    Context: 'from-pstn',
    Exten: channel.exten,
    Priority: 1,
    Uniqueid: channel.uniqueid,
    Linkedid: channel.linkedid,
  };
}

function destOf(channel: Channel): AmiFields {
  return Object.fromEntries(Object.entries(fieldsOf(channel)).map(([key, value]) => [`Dest${key}`, value]));
}

/** Whom a dial string rings; without one, whom the dialplan rings by itself, once. */
function dialled(dial: string, fallback: readonly string[], tried: readonly string[]): readonly string[] {
  if (dial === '') return tried.length === 0 ? fallback : [];
  return dial.split('&').flatMap((part) => /^PJSIP\/(\w+)$/.exec(part)?.[1] ?? []);
}
