import type { CallSnapshot } from '../../../domain/interaction/contact-event.ts';
import { CallTable } from './call-table.ts';
import { application, dialled, endServices, findTalks, joinQueue, leave, legFor, ring } from './legs.ts';
import { type CallTrackerOptions, type Fields, isWithheld, type LiveCall, type LiveChannel, text } from './model.ts';
import { resyncCalls } from './resync.ts';
import { snapshotOf } from './snapshot.ts';
import { attendedTransfer, blindTransfer, parked, parkReturned, pickedUp, unparked } from './transfers.ts';

/** Turns the events of a PBX into calls. Holds no timer and no socket: time comes with the events. */
export class CallTracker {
  readonly #options: CallTrackerOptions;
  readonly #onChange: (snapshot: CallSnapshot) => void;
  readonly #table: CallTable;

  /** `onChange` gets the whole call each time something about it changed; it must not throw. */
  constructor(options: CallTrackerOptions, onChange: (snapshot: CallSnapshot) => void) {
    this.#options = options;
    this.#onChange = onChange;
    this.#table = new CallTable(options);
  }

  /** Calls held: live ones and those ended less than `lingerMs` ago. */
  get size(): number {
    return this.#table.size;
  }

  /** Takes one event (`AmiMessage.name` and `.fields`) that happened at `at`. Unknown events cost nothing. */
  handle(name: string, fields: Fields, at: number): void {
    switch (name) {
      case 'Newchannel':
        this.#flush(this.#table.open(fields, at), at);
        return;
      case 'VarSet':
        if (text(fields, 'Variable') === 'MIXMONITOR_FILENAME') this.#recording(fields, at);
        return;
      case 'Hangup':
        this.#hangup(fields, at);
        return;
      case 'DialBegin':
        this.#dialBegin(fields, at);
        return;
      case 'BridgeMerge':
        this.#merge(fields, at);
        return;
      case 'Newstate':
      case 'Newexten':
      case 'DialEnd':
      case 'BridgeEnter':
      case 'BridgeLeave':
      case 'QueueCallerJoin':
      case 'QueueCallerLeave':
      case 'QueueCallerAbandon':
      case 'AgentConnect':
      case 'BlindTransfer':
      case 'AttendedTransfer':
      case 'Pickup':
      case 'ParkedCall':
      case 'UnParkedCall':
      case 'ParkedCallTimeOut':
        this.#onChannel(name, fields, at);
        return;
      default:
        return;
    }
  }

  /**
   * Puts the calls right after a (re)connect. `channels`: the events of CoreShowChannels or Status, all of them;
   * `seeds`: calls that had not ended when the program stopped. What is gone is closed at `at`.
   */
  resync(channels: readonly Fields[], seeds: readonly CallSnapshot[], at: number): void {
    const closed = resyncCalls(this.#table, this.#options, channels, seeds, at);
    for (const snapshot of closed) this.#onChange(snapshot);
    for (const call of this.#table.calls()) this.#flush(call, at);
  }

  /** Uniqueids of the live channels of calls that began before `time`. */
  channelsBefore(time: number): readonly string[] {
    const old = this.#table.calls().filter((call) => call.startedAt < time);
    return old.flatMap((call) => [...call.channels.keys()]);
  }

  /** Takes channels for gone whose Hangup never came; those that have left meanwhile don't matter. */
  lose(ids: readonly string[], at: number): void {
    for (const id of ids) {
      const channel = this.#table.channel(id);
      if (channel === undefined) continue;
      const { call } = channel;
      const rest = this.#table.lose(channel, at);
      this.#flush(call, at);
      this.#flush(rest, at);
    }
  }

  /** Forgets the calls that ended more than `lingerMs` before `at`. */
  sweep(at: number): void {
    this.#table.forgetBefore(at - this.#options.lingerMs);
  }

  #onChannel(name: string, fields: Fields, at: number): void {
    const id = channelId(name, fields);
    const channel = this.#table.channel(id);
    if (channel === undefined) return;
    const linkedid = name === 'Newstate' || name.startsWith('Bridge') ? text(fields, 'Linkedid') : '';
    if (linkedid !== '' && linkedid !== channel.linkedid) this.#table.relink(channel, linkedid);
    this.#onOwnEvent(name, channel, fields, at);
    this.#flush(channel.call, at);
  }

  #onOwnEvent(name: string, channel: LiveChannel, fields: Fields, at: number): void {
    const { call } = channel;
    const table = this.#table;
    switch (name) {
      case 'Newstate':
        if (text(fields, 'ChannelState') === '5' && channel.leg !== null) ring(channel.leg, call, at);
        return;
      case 'Newexten':
        application(channel, fields, at);
        return;
      case 'DialEnd':
        this.#dialEnd(channel, fields);
        return;
      case 'BridgeEnter':
        this.#enter(channel, fields, at);
        return;
      case 'BridgeLeave':
        if (channel.bridge === text(fields, 'BridgeUniqueid')) channel.bridge = null;
        return;
      case 'QueueCallerJoin':
        joinQueue(call, text(fields, 'Queue'), at);
        return;
      case 'QueueCallerAbandon':
      case 'AgentConnect': {
        const queue = call.legs.findLast((leg) => leg.kind === 'queue');
        if (queue === undefined) return;
        queue.outcome = name === 'AgentConnect' ? 'answered' : 'cancelled';
        queue.endedAt ??= at;
        call.dirty = true;
        return;
      }
      case 'QueueCallerLeave':
        endServices(call, ['queue'], at);
        return;
      case 'BlindTransfer':
        blindTransfer(channel, fields, this.#options.isExtension, at);
        return;
      case 'AttendedTransfer':
        attendedTransfer(table, channel, fields, at);
        return;
      case 'Pickup':
        pickedUp(table, channel, fields, at);
        return;
      case 'ParkedCall':
        parked(channel, fields, at);
        return;
      case 'UnParkedCall':
        unparked(table, channel, fields);
        return;
      case 'ParkedCallTimeOut':
        parkReturned(channel);
        return;
    }
  }

  #enter(channel: LiveChannel, fields: Fields, at: number): void {
    const bridge = text(fields, 'BridgeUniqueid');
    if (bridge === '') return;
    channel.bridge = bridge;
    if (channel.kind === 'trunk' && !channel.call.parties.has(channel))
      legFor(channel, text(fields, 'CallerIDNum') || null);
    if (channel.leg !== null) channel.leg.answered = true;
    findTalks(channel.call, at);
  }

  #merge(fields: Fields, at: number): void {
    const from = text(fields, 'FromBridgeUniqueid');
    const to = text(fields, 'ToBridgeUniqueid');
    if (from === '' || to === '') return;
    for (const call of this.#table.calls()) {
      for (const channel of call.channels.values()) if (channel.bridge === from) channel.bridge = to;
      findTalks(call, at);
      this.#flush(call, at);
    }
  }

  #dialBegin(fields: Fields, at: number): void {
    const target = this.#table.channel(text(fields, 'DestUniqueid'));
    if (target === undefined) return;
    const source = this.#table.channel(text(fields, 'Uniqueid')) ?? this.#callerUnseen(target, fields, at);
    if (source !== undefined && source.call !== target.call) this.#table.union(source.call, target.call);
    const { call } = target;
    const number = text(fields, 'DestCallerIDNum');
    if (source === undefined) {
      // Nobody dials: an Originate. Its caller id is whom the agent will be joined with.
      const outside = !isWithheld(number) && !this.#options.isExtension(number);
      if (outside && !call.settled && call.direction !== 'inbound') {
        Object.assign(call, { direction: 'outbound', settled: true, party: number, dirty: true });
      }
    }
    if (target.kind === 'trunk') {
      const dialledNumber = number || (text(fields, 'DialString').split('@', 1)[0] ?? '');
      if (call.parties.has(target)) {
        if (call.party === '') call.party = dialledNumber;
        const shown = text(fields, 'CallerIDNum');
        call.dialled ??= shown !== '' && !this.#options.isExtension(shown) ? shown : target.end;
        call.dirty = true;
      } else ring(legFor(target, dialledNumber || null), call, at);
    } else if (target.leg !== null) {
      ring(target.leg, call, at);
      if (source !== undefined && !call.settled && call.direction === 'internal') call.settled = true;
    }
    this.#flush(call, at);
  }

  /** Who dials was there before we listened: the event tells of it. Undefined where nobody dials. */
  #callerUnseen(target: LiveChannel, fields: Fields, at: number): LiveChannel | undefined {
    if (target.call.gone.has(text(fields, 'Uniqueid'))) return undefined;
    const call = this.#table.open(fields, at);
    if (call !== null) call.reconstructed = true;
    return this.#table.channel(text(fields, 'Uniqueid'));
  }

  #dialEnd(channel: LiveChannel, fields: Fields): void {
    const status = text(fields, 'DialStatus');
    const source = this.#table.channel(text(fields, 'Uniqueid'));
    if (source !== undefined && source.call !== channel.call) this.#table.union(source.call, channel.call);
    if (channel.leg !== null) dialled(channel.leg, channel.call, status);
    else if (channel.call.parties.has(channel)) channel.call.partyStatus = status;
  }

  #recording(fields: Fields, at: number): void {
    const channel = this.#table.channel(text(fields, 'Uniqueid'));
    const file = text(fields, 'Value');
    if (channel === undefined || file === '') return;
    const { call } = channel;
    if (call.recordings.some((recording) => recording.file === file)) return;
    const unknown = { path: null, leg: null, seconds: null, mime: null, bytes: null };
    call.recordings.push({ file, kind: 'call', state: 'pending', startedAt: at, ...unknown });
    call.dirty = true;
    this.#flush(call, at);
  }

  #hangup(fields: Fields, at: number): void {
    const channel = this.#table.channel(text(fields, 'Uniqueid'));
    if (channel === undefined) return;
    const { call } = channel;
    leave(channel, text(fields, 'Cause'), at);
    const rest = this.#table.close(channel, at);
    this.#flush(call, at);
    this.#flush(rest, at);
  }

  #flush(call: LiveCall | null, at: number): void {
    if (call === null || !call.dirty) return;
    if (call.endedAt === null) findTalks(call, at);
    else endServices(call, ['ivr', 'queue', 'voicemail'], at);
    call.dirty = false;
    if (!this.#worthTelling(call)) return;
    const snapshot = snapshotOf(this.#options.connection, call);
    const told = JSON.stringify(snapshot);
    if (told === call.told) return;
    call.told = told;
    this.#onChange(snapshot);
  }

  /** A lone end of ours (a feature code, a pick-up to come) is no call yet. */
  #worthTelling(call: LiveCall): boolean {
    if (call.told !== '' || call.direction === 'inbound') return true;
    if (call.settled) return true;
    if (call.direction === 'internal') return call.legs.filter((leg) => leg.talkedAt !== null).length > 1;
    if (call.direction === null || call.endedAt === null) return false;
    return call.direction === 'outbound' && /^\+?\d{6,}$/.test(call.party);
  }
}

function channelId(name: string, fields: Fields): string {
  switch (name) {
    case 'DialEnd':
      return text(fields, 'DestUniqueid');
    case 'BlindTransfer':
      return text(fields, 'TransfererUniqueid');
    case 'AttendedTransfer':
      return text(fields, 'OrigTransfererUniqueid');
    case 'ParkedCall':
    case 'UnParkedCall':
    case 'ParkedCallTimeOut':
      return text(fields, 'ParkeeUniqueid');
    default:
      return text(fields, 'Uniqueid');
  }
}
