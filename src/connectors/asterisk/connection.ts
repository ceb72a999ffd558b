import type { Reason } from '../../domain/base/reason.ts';
import type { CallCommand } from '../../domain/call/call-command.ts';
import type { CallSnapshot } from '../../domain/interaction/contact-event.ts';
import type { Outbound, SendOutcome } from '../../domain/outbound/outbound.ts';
import type { ConnectionHealth } from '../../domain/ports/connection-state.ts';
import { reason } from '../../domain/reasons/reasons.ts';
import { coalesce } from '../../runtime/coalesce.ts';
import { sleep } from '../../runtime/sleep.ts';
import type { CallController, Connector, ConnectorContext, Sender } from '../contract.ts';
import { AmiClient } from './ami/client.ts';
import type { AmiMessage } from './ami/message.ts';
import { CallOutbox } from './call-outbox.ts';
import { originate, originateFailed, withRequest } from './click-to-call.ts';
import { controlCall } from './control/call-control.ts';
import { ChannelWatch } from './control/channel-watch.ts';
import { Endpoints } from './endpoints/endpoints.ts';
import { learnEndpoints } from './endpoints/learn.ts';
import { eventMask, filters, wantedEvents } from './events.ts';
import { NumberRules } from './numbers/number-rules.ts';
import { lineFinder } from './own-lines.ts';
import { Presence } from './presence/presence.ts';
import { CallRecord } from './record/call-record.ts';
import { CallRecovery } from './record/recovery.ts';
import { SeenEnds } from './record/seen-ends.ts';
import { celTable, recordSource } from './record/sources.ts';
import { openSearch } from './recordings/open-search.ts';
import type { RecordingSearch } from './recordings/search.ts';
import type { AsteriskConfig } from './schema.ts';
import { tlsOptions } from './tls.ts';
import { CallTracker } from './tracker/call-tracker.ts';
import { text } from './tracker/model.ts';

const lingerMs = 10_000;
const maxCalls = 20_000;
/** Milliseconds between two removals of ended calls, and between two reads of the call record. */
const sweepEvery = 5000;
const recordEvery = 60_000;
/** Milliseconds between two reads of who waits in the queues. */
const queuesEvery = 60_000;
/** Milliseconds from the end of a partly seen call to a read of the record, which the PBX has written by then. */
const recordSoon = 2000;
/** Milliseconds for which events are held while the record is read. */
const recordPatience = 5000;
/** Milliseconds after which changes that can wait are reported together. */
const lateAfter = 100;
/** Milliseconds between two comparisons of long-lived channels with those of the PBX, and the age that counts as long. */
const straysEvery = 5 * 60_000;
/** Milliseconds for which the Hangup of a channel that has left the PBX's list may still be on its way. */
const hangupLate = 2000;

/** A connection to one Asterisk. It tracks calls and phone states by events, fills gaps from the call record, and originates calls. */
export class AsteriskConnection implements Connector, Sender, CallController {
  readonly #config: AsteriskConfig;
  readonly #context: ConnectorContext;
  readonly #client: AmiClient;
  readonly #tracker: CallTracker;
  readonly #outbox: CallOutbox;
  readonly #record: CallRecord;
  readonly #recovery: CallRecovery;
  readonly #live = new Set<string>();
  readonly #recordings: RecordingSearch;
  readonly #stopping = new AbortController();
  readonly #newChannels = new ChannelWatch();
  readonly #presence: Presence;
  readonly #endpoints: Endpoints;
  readonly #emit: (call: CallSnapshot) => Promise<void>;
  readonly #readRecordSoon = coalesce(() => void this.#recovery.read(), recordSoon);
  readonly #tellLate = coalesce(() => this.#tracker.tellLate(this.#context.clock.now()), lateAfter);
  #timers: NodeJS.Timeout[] = [];
  /** Events held while the live channels are being read; null if events go directly to the tracker. */
  #held: { event: AmiMessage; at: number }[] | null = [];
  #seeds: readonly CallSnapshot[] | null = null;
  /** During a resync, collects the calls whose end was missed. */
  #closed: Map<string, CallSnapshot> | null = null;
  /** The state of AMI, and why the call record can't be read. */
  #health: { readonly health: ConnectionHealth; readonly why: Reason | null } = { health: 'connecting', why: null };
  #recordTrouble: Reason | null = null;

  constructor(config: AsteriskConfig, context: ConnectorContext) {
    this.#config = config;
    this.#context = context;
    this.#endpoints = new Endpoints(config);
    const numbers = new NumberRules(config.numbers, context.country);
    this.#emit = (call) => context.emit(withRequest(numbers.applyTo(call)));
    const isLine = lineFinder(context);
    const { connection } = context;
    this.#tracker = new CallTracker(
      { connection, endpoints: this.#endpoints, isLine, lingerMs, maxCalls, onLate: () => this.#tellLate() },
      (snapshot) => this.#changed(snapshot),
    );
    this.#presence = new Presence(context, this.#endpoints);
    const seenEnds = new SeenEnds();
    const emitLive = async (call: CallSnapshot) => {
      await this.#emit(call);
      seenEnds.stored(call);
    };
    this.#outbox = new CallOutbox(emitLive, context.log, this.#stopping.signal);
    this.#recordings = openSearch(config.recordings, context, this.#stopping.signal, (call) => this.#outbox.push(call));
    this.#record = new CallRecord({
      source: recordSource(config, context),
      cel: celTable(config),
      rules: { connection, endpoints: this.#endpoints, isLine },
      context,
      onTrouble: (trouble) => {
        this.#recordTrouble = trouble;
        this.#reportState();
      },
    });
    this.#recovery = new CallRecovery({
      record: this.#record,
      context,
      signal: this.#stopping.signal,
      // Until its end is stored, a call is not to be ended by the record.
      isLive: (key) => this.#live.has(key) || this.#outbox.has(key),
      isSeen: (keys) => seenEnds.has(keys),
      emit: this.#emit,
      handOver: (call) => this.#handOver(call),
      findRecordings: (call) => this.#recordings.begin(call),
    });
    this.#client = new AmiClient(
      {
        ...config.ami,
        tls: config.ami.tls === false ? false : tlsOptions(config.ami.tls),
        eventMask,
        filters,
        events: wantedEvents,
        charset: config.charset,
        log: context.log,
      },
      {
        onEvent: (event) => this.#handle(event),
        onReady: () => this.#resync(),
        onState: (health, why) => {
          this.#health = { health, why };
          this.#reportState();
        },
        onDrop: () => {
          this.#held = [];
          this.#record.lost();
        },
      },
    );
  }

  /** Number of calls in memory, for metrics and tests. */
  get size(): number {
    return this.#tracker.size;
  }

  /** Emits at once what waits for other calls, and resolves when it is committed; for tests. */
  settled(): Promise<void> {
    return this.#outbox.flush();
  }

  async start(): Promise<void> {
    this.#recordings.start();
    const unfinished = await this.#context.openCalls();
    this.#seeds = unfinished.filter((call) => call.endedAt === null);
    // The previous process may have stopped while it was still looking for their recordings.
    for (const call of unfinished) if (call.endedAt !== null) this.#recordings.begin(call);
    // Until the first resync shows which of them are still live, the call record must not end them.
    for (const { key } of this.#seeds) this.#live.add(key);
    this.#timers = [
      setInterval(() => this.#tracker.sweep(this.#context.clock.now()), sweepEvery),
      setInterval(() => void this.#recovery.read(), recordEvery),
      setInterval(() => void this.#loseStrays(), straysEvery),
      setInterval(() => void this.#presence.readQueues(this.#client).catch(() => undefined), queuesEvery),
    ];
    this.#client.start();
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers.splice(0)) clearInterval(timer);
    this.#readRecordSoon.cancel();
    if (this.#held === null) await this.#record.stop();
    this.#newChannels.stop();
    this.#tellLate.cancel();
    this.#tracker.tellLate(this.#context.clock.now());
    await this.#client.stop();
    this.#stopping.abort();
    await this.#recordings.settled();
    await this.#outbox.flush();
  }

  /** Originates a call. */
  send(outbound: Outbound): Promise<SendOutcome> {
    return originate(outbound, this.#client, this.#config);
  }

  /** Acts on a call under way. */
  control(command: CallCommand): Promise<SendOutcome> {
    return controlCall(command, this.#tracker.find(command.call), {
      ami: this.#client,
      config: this.#config,
      channels: this.#newChannels,
    });
  }

  /** The PBX keeps no record of Originates: the tracker sees a call that was placed, and nothing is known of any other. */
  async confirm(): Promise<SendOutcome> {
    return { kind: 'uncertain', reason: reason('callStopped') };
  }

  /** While AMI works, an unreadable call record degrades the connection: calls of gaps are missing. */
  #reportState(): void {
    const { health, why } = this.#health;
    if (health === 'ready' && this.#recordTrouble !== null) this.#context.reportState('degraded', this.#recordTrouble);
    else this.#context.reportState(health, why);
  }

  #handle(event: AmiMessage): void {
    const at = this.#context.clock.now();
    this.#presence.handle(event.name, event.fields, at);
    if (event.name === 'OriginateResponse') return void this.#originated(event, at);
    if (event.name === 'Newchannel') this.#newChannels.saw(text(event.fields, 'Channel'));
    if (this.#held !== null) this.#held.push({ event, at });
    else this.#tracker.handle(event.name, event.fields, at);
  }

  async #originated(event: AmiMessage, at: number): Promise<void> {
    const report = originateFailed(event, this.#context.connection, at);
    try {
      if (report !== null) await this.#context.emit(report);
    } catch (error) {
      this.#context.log.error({ err: error }, 'the failure of an originated call could not be stored');
    }
  }

  /**
   * Runs after each connect. It reads the live channels, and closes calls that ended meanwhile, by the call record if possible.
   * Events during the resync are held and handled afterwards. The tracker tolerates those whose effect the list already contains.
   */
  async #resync(): Promise<void> {
    this.#held = [];
    const [channels] = await Promise.all([this.#client.list('CoreShowChannels'), this.#presence.read(this.#client)]);
    void learnEndpoints(this.#client, this.#endpoints, this.#context.log);
    const alive = new Set(channels.items.flatMap((item) => [item.fields.Linkedid ?? '', item.fields.Uniqueid ?? '']));
    const now = this.#context.clock.now();
    // Calls that are no longer in the list get their end from the call record, else end now.
    const closed = new Map<string, CallSnapshot>();
    this.#closed = closed;
    this.#tracker.resync(
      channels.items.map((item) => item.fields),
      this.#seeds ?? [],
      now,
    );
    this.#closed = null;
    for (const { key } of this.#seeds ?? []) if (closed.has(key)) this.#live.delete(key);
    this.#seeds = null;
    await this.#record.resumed();
    // Live calls matter more than past ones: a slow record is read on while they are followed.
    await Promise.race([this.#recovery.read({ alive, closed }), sleep(recordPatience, this.#stopping.signal)]);
    for (const call of closed.values()) void this.#handOver(call);
    const held = this.#held ?? [];
    this.#held = null;
    for (const { event, at } of held) this.#tracker.handle(event.name, event.fields, at);
  }

  /** Ends long-lived channels that the PBX no longer has. Otherwise a lost Hangup would keep its call alive forever. */
  async #loseStrays(): Promise<void> {
    const old = this.#tracker.channelsBefore(this.#context.clock.now() - straysEvery);
    if (old.length === 0 || this.#held !== null) return;
    try {
      const { items } = await this.#client.list('CoreShowChannels');
      const alive = new Set(items.map((item) => item.fields.Uniqueid));
      const strays = old.filter((id) => !alive.has(id));
      if (strays.length === 0) return;
      await sleep(hangupLate, this.#stopping.signal);
      if (this.#held === null) this.#tracker.lose(strays, this.#context.clock.now());
    } catch (error) {
      this.#context.log.warn({ err: error }, 'the live channels could not be compared with those of the PBX');
    }
  }

  #changed(snapshot: CallSnapshot): void {
    if (snapshot.endedAt === null) this.#live.add(snapshot.key);
    else this.#live.delete(snapshot.key);
    if (this.#closed !== null && snapshot.endedAt !== null) this.#closed.set(snapshot.key, snapshot);
    else void this.#handOver(snapshot);
    // The record contains the missed part of a call after its end.
    if (snapshot.endedAt !== null && snapshot.reconstructed && !this.#stopping.signal.aborted) this.#readRecordSoon();
  }

  /** Emits a snapshot, then looks for its recordings. Resolves when the snapshot is committed, or the program stops. */
  #handOver(snapshot: CallSnapshot): Promise<void> {
    const handed = this.#outbox.push(snapshot);
    if (snapshot.endedAt !== null && snapshot.recordings.length > 0) this.#recordings.begin(snapshot, handed);
    return handed;
  }
}
