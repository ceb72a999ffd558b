import type { CallSnapshot } from '../../../domain/interaction/contact-event.ts';
import { CallTable } from './call-table.ts';
import { endServices, findTalks } from './legs.ts';
import type { CallTrackerOptions, Fields, LiveCall } from './model.ts';
import { resyncCalls } from './resync.ts';
import { snapshotOf } from './snapshot.ts';
import { type Tracking, trackedEvents } from './tracked-events.ts';

/** Turns the events of a PBX into calls. Holds no timer and no socket: time comes with the events. */
export class CallTracker {
  readonly #options: CallTrackerOptions;
  readonly #onChange: (snapshot: CallSnapshot) => void;
  readonly #table: CallTable;
  readonly #tracking: Tracking;

  /** `onChange` gets the whole call each time something about it changed; it must not throw. */
  constructor(options: CallTrackerOptions, onChange: (snapshot: CallSnapshot) => void) {
    this.#options = options;
    this.#onChange = onChange;
    this.#table = new CallTable(options);
    this.#tracking = { table: this.#table, options, flush: (call, at) => this.#flush(call, at) };
  }

  /** Calls held: live ones and those ended less than `lingerMs` ago. */
  get size(): number {
    return this.#table.size;
  }

  /** Takes one event (`AmiMessage.name` and `.fields`) that happened at `at`. Unknown events cost nothing. */
  handle(name: string, fields: Fields, at: number): void {
    trackedEvents.get(name)?.(this.#tracking, fields, at);
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
