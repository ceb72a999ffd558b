import { eventKey } from '../../../domain/base/ids.ts';
import { isHumanLeg } from '../../../domain/call/human-leg.ts';
import { hasOnlyColleagues, internalSuffix, isWaiting, moveTo } from './colleagues.ts';
import { findTalks, leave } from './legs.ts';
import { type CallTrackerOptions, type Fields, type LiveCall, type LiveChannel, text } from './model.ts';
import { placeChannel } from './place.ts';
import { absorb } from './union.ts';

/** A new call of which only the linkedid is known. */
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
    trunk: null,
    withheld: false,
    dialled: null,
    legs: [],
    transfers: [],
    recordings: [],
    partyStatus: null,
    partyCause: null,
    reconstructed: false,
    isFax: false,
    isConference: false,
    isOriginated: false,
    hasDialled: false,
    isIdle: false,
    isHidden: false,
    isReported: false,
    dirty: false,
    late: false,
  };
}

/** The calls in memory and their live channels, by unique id and linkedid. */
export class CallTable {
  readonly #options: CallTrackerOptions;
  readonly #channels = new Map<string, LiveChannel>();
  readonly #calls = new Map<string, LiveCall>();
  readonly #held = new Set<LiveCall>();
  readonly #bridges = new Map<string, Set<LiveChannel>>();
  #order = 0;

  constructor(options: CallTrackerOptions) {
    this.#options = options;
  }

  /** Number of calls, including ended ones. */
  get size(): number {
    return this.#held.size;
  }

  /** Number of live channels and bridges. */
  get live(): number {
    return this.#channels.size + this.#bridges.size;
  }

  /** A copy of all calls, so that the table may change during iteration. */
  calls(): readonly LiveCall[] {
    return [...this.#held];
  }

  /** Finds a live channel by its unique id. */
  channel(id: string): LiveChannel | undefined {
    return this.#channels.get(id);
  }

  /** Puts a channel into a bridge, and returns one that is there already. */
  join(channel: LiveChannel, bridge: string): LiveChannel | undefined {
    this.part(channel);
    channel.bridge = bridge;
    const members = this.#bridges.get(bridge) ?? new Set();
    const [other] = members;
    members.add(channel);
    this.#bridges.set(bridge, members);
    return other;
  }

  /** Takes a channel out of its bridge. */
  part(channel: LiveChannel): void {
    if (channel.bridge === null) return;
    const members = this.#bridges.get(channel.bridge);
    members?.delete(channel);
    if (members?.size === 0) this.#bridges.delete(channel.bridge);
    channel.bridge = null;
  }

  /** Moves all channels of a bridge to another one, and returns their calls. */
  mergeBridges(from: string, to: string): ReadonlySet<LiveCall> {
    const moved = [...(this.#bridges.get(from) ?? [])];
    for (const channel of moved) this.join(channel, to);
    return new Set(moved.map(({ call }) => call));
  }

  /** Takes all channels out of a bridge. */
  emptyBridge(bridge: string): void {
    for (const channel of [...(this.#bridges.get(bridge) ?? [])]) this.part(channel);
  }

  /** Finds the call of a linkedid. */
  call(linkedid: string): LiveCall | undefined {
    return this.#calls.get(linkedid);
  }

  /** Adds a new call; null if there are too many. */
  add(linkedid: string, at: number): LiveCall | null {
    if (this.#held.size >= this.#options.maxCalls) this.forgetBefore(at);
    if (this.#held.size >= this.#options.maxCalls) return null;
    const call = emptyCall(this.#options.connection, linkedid, this.#order++, at);
    this.#held.add(call);
    this.#calls.set(linkedid, call);
    return call;
  }

  /** Assigns a linkedid to a call. */
  bind(linkedid: string, call: LiveCall): void {
    call.linkedids.add(linkedid);
    this.#calls.set(linkedid, call);
  }

  /** Adds a new channel, and returns its call. Null if the channel can't be tracked. */
  open(fields: Fields, at: number): LiveCall | null {
    const id = text(fields, 'Uniqueid');
    const name = text(fields, 'Channel');
    if (id === '' || name === '' || this.#channels.has(id)) return null;
    const { endpoints, isLine } = this.#options;
    // A short number that calls one of our lines is not a telephone of ours, whatever the endpoint is called.
    const caller = isLine(text(fields, 'Exten')) ? '' : text(fields, 'CallerIDNum');
    const endpoint = endpoints.ofCaller(name, caller);
    if (endpoint.kind === 'technical') return null;
    const linkedid = text(fields, 'Linkedid') || id;
    const call = this.#calls.get(linkedid) ?? this.add(linkedid, at);
    if (call === null || call.gone.has(id)) return null;
    const { kind, certain } = endpoint;
    const end = endpoint.extension ?? endpoint.name;
    const channel: LiveChannel = { id, kind, end, certain, name, linkedid, call, bridge: null, leg: null };
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
   * Removes a channel that hung up. The call ends with its last channel, or when the outside party leaves. If colleagues remain,
   * returns their internal call, else null. The leg of the channel must have been ended before.
   */
  close(channel: LiveChannel, at: number): LiveCall | null {
    const { call } = channel;
    this.part(channel);
    this.#channels.delete(channel.id);
    call.channels.delete(channel.id);
    const wasParty = call.parties.delete(channel);
    if (wasParty) call.trunk = channel.end;
    call.gone.add(channel.id);
    if (call.channels.size > 0) return wasParty ? this.splitColleagues(call, at) : null;
    Object.assign(call, { endedAt: at, dirty: true });
    return null;
  }

  /**
   * Ends a call that the outside party has left, and moves the remaining colleagues to a new internal call, which is reported
   * once two of them talk. Null if an outside party is still there, or may yet be dialled.
   */
  splitColleagues(call: LiveCall, at: number): LiveCall | null {
    if (!hasOnlyColleagues(call)) return null;
    const [linkedid = ''] = call.linkedids;
    const rest = this.add(`${linkedid}${internalSuffix}`, at);
    if (rest === null) return null;
    this.#passLinkedids(call, rest);
    for (const id of call.gone) rest.gone.add(id);
    for (const channel of call.channels.values()) moveTo(rest, channel);
    call.channels.clear();
    rest.direction = 'internal';
    rest.reconstructed = call.reconstructed;
    rest.party = rest.legs.at(-1)?.extension ?? '';
    rest.isHidden = call.isConference;
    rest.isIdle = call.isConference;
    for (const leg of call.legs) if (isHumanLeg(leg)) leg.endedAt ??= at;
    call.endedAt = at;
    call.dirty = true;
    return rest;
  }

  /** The linkedids by which the PBX knows the remaining channels. In a conference, that of each client stays with the client's call. */
  #passLinkedids(call: LiveCall, rest: LiveCall): void {
    const live = new Set([...call.channels.values()].map(({ linkedid }) => linkedid));
    for (const known of [...call.linkedids]) {
      if (call.isConference && !live.has(known)) continue;
      this.bind(known, rest);
      call.linkedids.delete(known);
    }
  }

  /** Handles a changed linkedid of a channel: the calls of both linkedids are one. */
  relink(channel: LiveChannel, linkedid: string): void {
    channel.linkedid = linkedid;
    const other = this.#calls.get(linkedid);
    if (other === undefined) this.bind(linkedid, channel.call);
    else if (other !== channel.call) this.union(other, channel.call);
  }

  /** Merges two calls that turned out to be one: the older call absorbs the younger, but a client's call absorbs a waiting colleague. */
  union(one: LiveCall, two: LiveCall): void {
    if (one === two) return;
    const [older, younger] = one.order < two.order ? [one, two] : [two, one];
    const waited = isWaiting(older) && younger.isReported;
    const [into, from] = waited ? [younger, older] : [older, younger];
    for (const linkedid of from.linkedids) this.bind(linkedid, into);
    if (waited) into.isConference = true;
    absorb(into, from, waited);
    this.#held.delete(from);
  }

  /** Removes calls that ended before `time`. */
  forgetBefore(time: number): void {
    for (const call of this.#held) {
      if (call.endedAt === null || call.endedAt > time) continue;
      this.#held.delete(call);
      for (const linkedid of call.linkedids) this.#calls.delete(linkedid);
    }
  }

  /** Removes a channel whose Hangup was missed. Returns the same as `close`. */
  lose(channel: LiveChannel, at: number): LiveCall | null {
    leave(channel, '', at);
    channel.call.reconstructed = true;
    const rest = this.close(channel, at);
    findTalks(channel.call, at);
    return rest;
  }
}
