import { randomUUID } from 'node:crypto';
import type { AmiFields, AmiSide } from './ami-side.ts';

/** A channel of the simulated PBX. */
export interface Channel {
  readonly name: string;
  readonly uniqueid: string;
  readonly linkedid: string;
  readonly number: string;
  readonly callerName: string;
  readonly exten: string;
  /** The number it is connected with; `<unknown>` until that is known. */
  connected: string;
  readonly startedAt: number;
  state: 'Down' | 'Ring' | 'Ringing' | 'Up';
  bridge: string;
}

/** Initial values of a new channel. */
export interface NewChannel {
  readonly endpoint: string;
  readonly number: string;
  readonly callerName?: string;
  readonly exten: string;
  /** The channel whose call it joins; null to start a new call. */
  readonly parent: Channel | null;
  readonly state: Channel['state'];
  /** Its unique id, if the requester of the call chose one. */
  readonly uniqueid?: string;
}

const stateNumbers = { Down: 0, Ring: 4, Ringing: 5, Up: 6 } as const;

/** The live channels of the simulated PBX. Each change sends the same events as Asterisk. */
export class ScriptedChannels {
  readonly #live = new Map<string, Channel>();
  readonly #extensions: readonly string[];
  readonly #send: AmiSide['event'];
  #serial = 0;

  constructor(extensions: readonly string[], send: AmiSide['event']) {
    this.#extensions = extensions;
    this.#send = send;
  }

  /** Returns a new serial number. */
  next(): number {
    this.#serial += 1;
    return this.#serial;
  }

  /** The channels as `CoreShowChannels` and `Status` list them. */
  list(): readonly AmiFields[] {
    return [...this.#live.values()].map(statusOf);
  }

  /** Whether a phone has any channel. */
  busy(extension: string): boolean {
    return [...this.#live.values()].some((channel) => channel.name.startsWith(`PJSIP/${extension}-`));
  }

  has(uniqueid: string): boolean {
    return this.#live.has(uniqueid);
  }

  open({ endpoint, number, callerName = '', exten, parent, state, uniqueid: chosen }: NewChannel): Channel {
    const serial = this.next();
    const uniqueid = chosen ?? `${Math.floor(Date.now() / 1000)}.${serial}`;
    const channel: Channel = {
      name: `PJSIP/${endpoint}-${serial.toString(16).padStart(8, '0')}`,
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
    this.#live.set(uniqueid, channel);
    this.#send('Newchannel', fieldsOf(channel));
    return channel;
  }

  newState(channel: Channel, state: Channel['state']): void {
    channel.state = state;
    this.#send('Newstate', fieldsOf(channel));
  }

  device(extension: string, state: string): void {
    this.#send('DeviceStateChange', { Device: `PJSIP/${extension}`, State: state });
  }

  /** Bridges channels with each other. */
  join(channels: readonly Channel[]): void {
    const bridge = {
      BridgeUniqueid: randomUUID(),
      BridgeType: 'basic',
      BridgeTechnology: 'simple_bridge',
      BridgeCreator: '<unknown>',
      BridgeName: '<unknown>',
    };
    this.#send('BridgeCreate', { ...bridge, BridgeNumChannels: 0 });
    for (const [i, channel] of channels.entries()) {
      channel.bridge = bridge.BridgeUniqueid;
      this.#send('BridgeEnter', { ...bridge, BridgeNumChannels: i + 1, ...fieldsOf(channel) });
    }
  }

  /** Ends a conversation: all channels in the channel's bridge hang up. */
  part({ bridge }: Channel): void {
    const both = [...this.#live.values()].filter((channel) => channel.bridge === bridge && bridge !== '');
    for (const [i, channel] of both.entries()) {
      this.#send('BridgeLeave', {
        BridgeUniqueid: bridge,
        BridgeNumChannels: both.length - 1 - i,
        ...fieldsOf(channel),
      });
      channel.bridge = '';
    }
    this.#send('BridgeDestroy', { BridgeUniqueid: bridge, BridgeNumChannels: 0 });
    for (const channel of both) this.hangUp(channel, 16);
  }

  hangUp(channel: Channel, cause: number): void {
    this.#live.delete(channel.uniqueid);
    this.#send('Hangup', {
      ...fieldsOf(channel),
      Cause: cause,
      'Cause-txt': cause === 16 ? 'Normal Clearing' : 'Answered elsewhere',
    });
    const extension = endpointOf(channel);
    if (this.#extensions.includes(extension)) this.device(extension, 'NOT_INUSE');
  }
}

/** The fields that describe a channel in each of its events. */
export function fieldsOf(channel: Channel): AmiFields {
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

/** The same fields for a dialled channel. */
export function destOf(channel: Channel): AmiFields {
  return Object.fromEntries(Object.entries(fieldsOf(channel)).map(([key, value]) => [`Dest${key}`, value]));
}

function statusOf(channel: Channel): AmiFields {
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

function endpointOf({ name }: Channel): string {
  return /^PJSIP\/(.+)-/.exec(name)?.[1] ?? '';
}
