import type { CallSnapshot } from '../../../domain/interaction/contact-event.ts';
import { CallTable } from './call-table.ts';
import { endServices, findTalks } from './legs.ts';
import type { CallTrackerOptions, Fields, LiveCall } from './model.ts';
import { resyncCalls } from './resync.ts';
import { snapshotOf } from './snapshot.ts';
import { trackedEvents } from './tracked-events.ts';
import type { Tracking } from './tracking.ts';

/** Turns the events of a PBX into calls. It has no timers or sockets: events carry their time. */
export class CallTracker {
  readonly #options: CallTrackerOptions;
  readonly #onChange: (snapshot: CallSnapshot) => void;
  readonly #table: CallTable;
  readonly #tracking: Tracking;
  /** Calls with changes that were not reported yet because they can wait. */
  readonly #late = new Set<LiveCall>();

  /** `onChange` gets the whole call after each change. It must not throw. */
  constructor(options: CallTrackerOptions, onChange: (snapshot: CallSnapshot) => void) {
    this.#options = options;
    this.#onChange = onChange;
    this.#table = new CallTable(options);
    this.#tracking = { table: this.#table, options, flush: (call, at) => this.#flush(call, at) };
  }

  /** Number of calls in memory: live ones, and those that ended less than `lingerMs` ago. */
  get size(): number {
    return this.#table.size;
  }

  /** Number of live channels and bridges, which is zero when nobody telephones. */
  get live(): number {
    return this.#table.live;
  }

  /** Handles an event (`AmiMessage.name` and `.fields`) that happened at `at`. Unknown events are ignored. */
  handle(name: string, fields: Fields, at: number): void {
    trackedEvents.get(name)?.(this.#tracking, fields, at);
  }

  /**
   * Synchronises the calls after a (re)connect. `channels` are all events of CoreShowChannels or Status; `seeds` are calls that
   * had not ended when the program stopped. Calls and channels that are gone end at `at`.
   */
  resync(channels: readonly Fields[], seeds: readonly CallSnapshot[], at: number): void {
    const closed = resyncCalls(this.#table, this.#options, channels, seeds, at);
    for (const snapshot of closed) this.#onChange(snapshot);
    for (const call of this.#table.calls()) this.#flush(call, at);
  }

  /** Unique ids of the live channels of calls that started before `time`. */
  channelsBefore(time: number): readonly string[] {
    const old = this.#table.calls().filter((call) => call.startedAt < time);
    return old.flatMap((call) => [...call.channels.keys()]);
  }

  /** Removes channels whose Hangup was missed. Channels that have hung up meanwhile are ignored. */
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

  /** Reports the changes that could wait; see `onLate`. */
  tellLate(at: number): void {
    for (const call of this.#late) this.#tell(call, at);
  }

  /** Removes calls that ended more than `lingerMs` before `at`. */
  sweep(at: number): void {
    this.#table.forgetBefore(at - this.#options.lingerMs);
  }

  #flush(call: LiveCall | null, at: number): void {
    if (call === null) return;
    if (call.dirty) this.#tell(call, at);
    else if (call.late && !this.#late.has(call)) {
      this.#late.add(call);
      this.#options.onLate?.();
    }
  }

  #tell(call: LiveCall, at: number): void {
    if (call.endedAt === null) findTalks(call, at);
    else endServices(call, ['ivr', 'queue', 'voicemail'], at);
    Object.assign(call, { dirty: false, late: false });
    this.#late.delete(call);
    if (!this.#isReportable(call)) return;
    call.isReported = true;
    this.#onChange(snapshotOf(this.#options.connection, call));
  }

  /** A single channel of ours, such as for a feature code or a coming pick-up, is not a call yet. */
  #isReportable(call: LiveCall): boolean {
    if (call.isReported || call.isHidden) return call.isReported;
    if (call.settled) return true;
    if (call.direction === 'internal') return call.legs.filter((leg) => leg.talkedAt !== null).length > 1;
    if (call.direction === null || call.endedAt === null) return false;
    if (call.isIdle && !call.hasDialled && !call.isOriginated) return false;
    return call.direction === 'outbound' && /^\+?\d{6,}$/.test(call.party);
  }
}
