import { eventKey } from '../../../domain/ids.ts';
import { afterwards, isLeftAlone, moveTo } from './colleagues.ts';
import { findTalks, leave, legFor } from './legs.ts';
import {
  type CallTrackerOptions,
  endpointOf,
  type Fields,
  isWithheld,
  kindOf,
  type LiveCall,
  type LiveChannel,
  text,
} from './model.ts';
import { isHuman } from './snapshot.ts';

/** A call with nothing known but its linkedid. */
export function emptyCall(connection: string, linkedid: string, order: number, at: number): LiveCall {
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
    this.#place(channel, fields);
    return call;
  }

  /** Finds a new channel's part: outside party, leg of ours, or wire; the first real one says the direction. */
  #place(channel: LiveChannel, fields: Fields): void {
    const { call, kind } = channel;
    const exten = text(fields, 'Exten');
    if (kind !== 'local' && call.direction === null && this.#isOrphan(channel)) this.#called(channel, fields);
    else if (kind === 'trunk') {
      if (call.direction === null) this.#inbound(channel, fields, exten);
      else if (call.direction === 'outbound' && !call.legs.some((leg) => leg.talkedAt !== null)) {
        call.parties.add(channel);
        call.settled = true;
        call.dirty = true;
      }
    } else if (kind === 'extension') {
      legFor(channel, null);
      if (call.direction !== null) return;
      const internal = exten !== '' && this.#options.isExtension(exten);
      call.direction = internal ? 'internal' : 'outbound';
      call.party = exten === 's' ? '' : exten;
    }
  }

  /** A channel that somebody called (the linkedid is another's) while nothing is known of who did. */
  #isOrphan({ id, linkedid, call }: LiveChannel): boolean {
    return linkedid !== id && call.channels.size === 1 && call.gone.size === 0;
  }

  /**
   * The called end of a call whose caller was not seen. Its `Exten` is what the caller dialled (`Dial` copies it), and
   * who called is only in its connected line; without that the direction stays open until more is heard.
   */
  #called(channel: LiveChannel, fields: Fields): void {
    const { call, kind } = channel;
    const caller = text(fields, 'ConnectedLineNum');
    if (kind === 'extension') legFor(channel, null);
    if (caller === '') return;
    const fromUs = this.#options.isExtension(caller);
    if (kind === 'extension') {
      const party = fromUs ? channel.end : caller;
      Object.assign(call, { direction: fromUs ? 'internal' : 'inbound', settled: true, party, dirty: true });
    } else if (fromUs) {
      const party = text(fields, 'CallerIDNum');
      Object.assign(call, { direction: 'outbound', settled: true, party, dirty: true });
      call.parties.add(channel);
    }
  }

  #inbound(channel: LiveChannel, fields: Fields, exten: string): void {
    const { call } = channel;
    const number = text(fields, 'CallerIDNum');
    call.direction = 'inbound';
    call.settled = true;
    call.parties.add(channel);
    call.withheld = isWithheld(number);
    call.party = call.withheld ? '' : number;
    call.partyName = text(fields, 'CallerIDName') || null;
    call.dialled = exten === '' || exten === 's' ? null : exten;
    call.dirty = true;
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
    for (const alias of [from.key, ...from.aliases]) into.aliases.add(alias);
    for (const channel of from.channels.values()) {
      channel.call = into;
      into.channels.set(channel.id, channel);
    }
    for (const id of from.gone) into.gone.add(id);
    if (from.direction === 'internal' && into.direction !== 'internal') forgetTalks(from);
    if (into.direction === null || (into.direction === 'internal' && from.direction !== 'internal' && from.settled)) {
      forgetTalks(into);
      adopt(into, from);
    }
    keepLegs(into, from);
    for (const party of from.parties) keepParty(into, party, from.party);
    into.transfers.push(...from.transfers);
    into.recordings.push(...from.recordings);
    into.reconstructed ||= from.reconstructed;
    if (into.channels.size > 0) into.endedAt = null;
    into.dirty = true;
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

/** What colleagues said to each other before the outside party was there was no talk with it. */
function forgetTalks(call: LiveCall): void {
  for (const leg of call.legs) if (isHuman(leg)) leg.talkedAt = null;
}

/** The younger call's legs come behind; an end that is in both (it held one call and made the other) stays one leg. */
function keepLegs(into: LiveCall, from: LiveCall): void {
  for (const leg of from.legs) {
    const twin = into.legs.find(
      (other) => isHuman(leg) && other.kind === leg.kind && other.extension === leg.extension && other.endedAt === null,
    );
    if (twin === undefined || leg.extension === null || leg.endedAt !== null) {
      into.legs.push(leg);
      continue;
    }
    for (const channel of leg.channels) {
      channel.leg = twin;
      twin.channels.add(channel);
    }
    twin.answered ||= leg.answered;
    twin.rangAt ??= leg.rangAt;
  }
}

/** The younger call's outside party: of an inbound call it is one more end that we called, else the party too. */
function keepParty(into: LiveCall, party: LiveChannel, number: string): void {
  if (into.direction !== 'inbound') into.parties.add(party);
  else if (!into.parties.has(party)) legFor(party, number || null).answered = party.bridge !== null;
}

function adopt(into: LiveCall, from: LiveCall): void {
  into.direction = from.direction;
  into.settled = from.settled;
  into.party = from.party;
  into.partyName = from.partyName;
  into.withheld = from.withheld;
  into.dialled = from.dialled;
  for (const party of from.parties) into.parties.add(party);
}
