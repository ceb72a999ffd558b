import { eventKey } from '../../../domain/base/ids.ts';
import { afterwards, isLeftAlone, moveTo } from './colleagues.ts';
import { findTalks, leave } from './legs.ts';
import {
  type CallTrackerOptions,
  endpointOf,
  type Fields,
  kindOf,
  type LiveCall,
  type LiveChannel,
  text,
} from './model.ts';
import { placeChannel } from './place.ts';
import { isHuman } from './snapshot.ts';
import { takeIn } from './union.ts';

/** A call with nothing known but its linkedid. */
function emptyCall(connection: string, linkedid: string, order: number, at: number): LiveCall {
  return {
    key: eventKey(connection, linkedid),
    linkedids: new Set([linkedid]),
    aliases: new Set(),
    channels: new Map(),
    gone: new Set(),
    parties: new Set(),
    startedAt: at,
    order,
    endedAt: null,
    direction: null,
    settled: false,
    party: '',
    partyName: null,
    withheld: false,
    dialled: null,
    legs: [],
    transfers: [],
    recordings: [],
    partyStatus: null,
    reconstructed: false,
    told: '',
    dirty: false,
  };
}

/** The calls and channels that live, found by uniqueid and linkedid. */
export class CallTable {
  readonly #options: CallTrackerOptions;
  readonly #channels = new Map<string, LiveChannel>();
  readonly #calls = new Map<string, LiveCall>();
  readonly #held = new Set<LiveCall>();
  #order = 0;

  constructor(options: CallTrackerOptions) {
    this.#options = options;
  }

  /** Calls held, ended ones included. */
  get size(): number {
    return this.#held.size;
  }

  /** All calls held; safe to change the table while going through it. */
  calls(): readonly LiveCall[] {
    return [...this.#held];
  }

  /** A live channel by its uniqueid. */
  channel(id: string): LiveChannel | undefined {
    return this.#channels.get(id);
  }

  /** The call of a linkedid. */
  call(linkedid: string): LiveCall | undefined {
    return this.#calls.get(linkedid);
  }

  /** Takes a call in that is known from elsewhere, or makes an empty one; null when there are too many. */
  hold(linkedid: string, at: number): LiveCall | null {
    if (this.#held.size >= this.#options.maxCalls) this.forgetBefore(at);
    if (this.#held.size >= this.#options.maxCalls) return null;
    const call = emptyCall(this.#options.connection, linkedid, this.#order++, at);
    this.#held.add(call);
    this.#calls.set(linkedid, call);
    return call;
  }

  /** Makes a linkedid lead to a call. */
  bind(linkedid: string, call: LiveCall): void {
    call.linkedids.add(linkedid);
    this.#calls.set(linkedid, call);
  }

  /** A channel was born; null when it is none we can follow. */
  open(fields: Fields, at: number): LiveCall | null {
    const id = text(fields, 'Uniqueid');
    const name = text(fields, 'Channel');
    if (id === '' || name === '' || this.#channels.has(id)) return null;
    const linkedid = text(fields, 'Linkedid') || id;
    const call = this.#calls.get(linkedid) ?? this.hold(linkedid, at);
    if (call === null || call.gone.has(id)) return null;
    const kind = kindOf(name, this.#options);
    const channel: LiveChannel = { id, kind, end: endpointOf(name), name, linkedid, call, bridge: null, leg: null };
    this.#channels.set(id, channel);
    call.channels.set(id, channel);
    if (call.endedAt !== null) {
      call.endedAt = null;
      call.dirty = true;
    }
    placeChannel(channel, fields, this.#options);
    return call;
  }

  /**
   * A channel hung up; its call ends with the last one, or with the outside party. Tells the colleagues' own call
   * that may go on behind it, else null. The legs are the caller's to settle first.
   */
  close(channel: LiveChannel, at: number): LiveCall | null {
    const { call } = channel;
    this.#channels.delete(channel.id);
    call.channels.delete(channel.id);
    const wasParty = call.parties.delete(channel);
    call.gone.add(channel.id);
    if (call.channels.size > 0) return wasParty ? this.leaveColleagues(call, at) : null;
    Object.assign(call, { endedAt: at, dirty: true });
    return null;
  }

  /**
   * Ends a call that the outside has left; whoever of ours is still on the line goes on in an internal call, which is
   * told of once two of them talk. Null where somebody outside is still there, or may yet be dialled.
   */
  leaveColleagues(call: LiveCall, at: number): LiveCall | null {
    if (!isLeftAlone(call)) return null;
    const [linkedid = ''] = call.linkedids;
    const rest = this.hold(`${linkedid}${afterwards}`, at);
    if (rest === null) return null;
    for (const known of call.linkedids) this.bind(known, rest);
    call.linkedids.clear();
    for (const id of call.gone) rest.gone.add(id);
    for (const channel of call.channels.values()) moveTo(rest, channel);
    call.channels.clear();
    rest.direction = 'internal';
    rest.reconstructed = call.reconstructed;
    rest.party = rest.legs.at(-1)?.extension ?? '';
    for (const leg of call.legs) if (isHuman(leg)) leg.endedAt ??= at;
    call.endedAt = at;
    call.dirty = true;
    return rest;
  }

  /** A channel's linkedid changed: the two calls are one. */
  relink(channel: LiveChannel, linkedid: string): void {
    channel.linkedid = linkedid;
    const other = this.#calls.get(linkedid);
    if (other === undefined) this.bind(linkedid, channel.call);
    else if (other !== channel.call) this.union(other, channel.call);
  }

  /** Two calls proved to be one; the older takes the younger in. */
  union(one: LiveCall, two: LiveCall): void {
    if (one === two) return;
    const [into, from] = one.order < two.order ? [one, two] : [two, one];
    for (const linkedid of from.linkedids) this.bind(linkedid, into);
    takeIn(into, from);
    this.#held.delete(from);
  }

  /** Drops ended calls older than `time`. */
  forgetBefore(time: number): void {
    for (const call of this.#held) {
      if (call.endedAt === null || call.endedAt > time) continue;
      this.#held.delete(call);
      for (const linkedid of call.linkedids) this.#calls.delete(linkedid);
    }
  }

  /** Takes a channel for gone that nobody told of; tells what `close` does. */
  lose(channel: LiveChannel, at: number): LiveCall | null {
    leave(channel, '', at);
    channel.call.reconstructed = true;
    const rest = this.close(channel, at);
    findTalks(channel.call, at);
    return rest;
  }
}
