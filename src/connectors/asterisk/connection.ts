import { fromWallClock } from '../../domain/base/zoned-time.ts';
import { isUnknown } from '../../domain/call/call-facts.ts';
import type { CallSnapshot } from '../../domain/interaction/contact-event.ts';
import type { Outbound, SendOutcome } from '../../domain/outbound/outbound.ts';
import { reason } from '../../domain/reasons/reasons.ts';
import { coalesce } from '../../runtime/coalesce.ts';
import { sleep } from '../../runtime/sleep.ts';
import type { Connector, ConnectorContext, Sender } from '../contract.ts';
import { AmiClient } from './ami/client.ts';
import { AmiError } from './ami/errors.ts';
import type { AmiMessage } from './ami/message.ts';
import { CallOutbox } from './call-outbox.ts';
import { CdrReader } from './cdr-reader.ts';
import { originate, originateFailed, withRequest } from './click-to-call.ts';
import { eventMask, filters, wantedEvents } from './events.ts';
import { findRecordings, withoutFiles } from './recordings.ts';
import type { AsteriskConfig } from './schema.ts';
import { CallTracker } from './tracker/call-tracker.ts';
import { deviceReport } from './tracker/devices.ts';

const lingerMs = 10_000;
const maxCalls = 20_000;
/** How often ended calls are forgotten, and how often the PBX's record is read, in milliseconds. */
const sweepEvery = 5000;
const recordEvery = 60_000;
/** After the end of a call that was not seen whole: by then the PBX has written its record. */
const recordSoon = 2000;
/** How often channels that have lived for as long are looked for among those of the PBX, in milliseconds. */
const straysEvery = 5 * 60_000;
/** A channel that has left the PBX's list has its Hangup on the way for at most this long, in milliseconds. */
const hangupLate = 2000;
/** Looks for a recording after the call, in milliseconds: MixMonitor may still be mixing. */
const recordingLooks = [500, 2000, 10_000, 60_000];

/** One Asterisk: its events become calls, its record fills the gaps, its telephones' states are told, and calls asked for. */
export class AsteriskConnection implements Connector, Sender {
  readonly #config: AsteriskConfig;
  readonly #context: ConnectorContext;
  readonly #client: AmiClient;
  readonly #tracker: CallTracker;
  readonly #outbox: CallOutbox;
  readonly #record: CdrReader | null;
  readonly #live = new Set<string>();
  readonly #looking = new Set<Promise<void>>();
  readonly #stopping = new AbortController();
  readonly #isExtension: (name: string) => boolean;
  readonly #readRecordSoon = coalesce(() => void this.#readRecord(), recordSoon);
  #timers: NodeJS.Timeout[] = [];
  /** Events that arrive while the live channels are being read again; null when they go straight to the tracker. */
  #held: { event: AmiMessage; at: number }[] | null = [];
  #seeds: readonly CallSnapshot[] | null = null;
  /** Collects, during a re-read, the calls that ended unseen. */
  #closed: Map<string, CallSnapshot> | null = null;

  constructor(config: AsteriskConfig, context: ConnectorContext) {
    this.#config = config;
    this.#context = context;
    const expression = new RegExp(config.extensions);
    const trunks = new Set(config.trunks);
    this.#isExtension = (name) => name.length <= 64 && !trunks.has(name) && expression.test(name);
    this.#tracker = new CallTracker(
      {
        connection: context.connection,
        isExtension: this.#isExtension,
        isTrunk: (name) => !this.#isExtension(name),
        lingerMs,
        maxCalls,
      },
      (snapshot) => this.#changed(snapshot),
    );
    this.#outbox = new CallOutbox((call) => context.emit(withRequest(call)), context.log, this.#stopping.signal);
    this.#record = config.cdr === undefined ? null : new CdrReader(config.cdr.csv, this.#cdrRules(config), context);
    this.#client = new AmiClient(
      { ...config.ami, tls: tlsOf(config.ami.tls), eventMask, filters, events: wantedEvents, log: context.log },
      {
        onEvent: (event) => this.#hear(event),
        onReady: () => this.#resync(),
        onState: (health, why) => context.reportState(health, why),
        onDrop: () => {
          this.#held = [];
        },
      },
    );
  }

  /** Calls held in memory; for the metrics and the tests. */
  get size(): number {
    return this.#tracker.size;
  }

  async start(): Promise<void> {
    const unfinished = await this.#context.openCalls();
    this.#seeds = unfinished.filter((call) => call.endedAt === null);
    // Their looks were cut short with the process; the file may have come meanwhile.
    for (const call of unfinished) if (call.endedAt !== null) this.#look(call);
    // Until the first re-read tells which of them still live, the PBX's record must not end them.
    for (const { key } of this.#seeds) this.#live.add(key);
    this.#timers = [
      setInterval(() => this.#tracker.sweep(this.#context.clock.now()), sweepEvery),
      setInterval(() => void this.#readRecord(), recordEvery),
      setInterval(() => void this.#loseStrays(), straysEvery),
    ];
    this.#client.start();
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers.splice(0)) clearInterval(timer);
    this.#readRecordSoon.cancel();
    await this.#client.stop();
    this.#stopping.abort();
    await Promise.all(this.#looking);
    await this.#outbox.flush();
  }

  /** Asks the PBX for a call. */
  send(outbound: Outbound): Promise<SendOutcome> {
    return originate(outbound, this.#client, this.#config);
  }

  /** The PBX doesn't remember what it was asked: a call that lives is seen by the tracker, of any other nobody knows. */
  async confirm(): Promise<SendOutcome> {
    return { kind: 'uncertain', reason: reason('callStopped') };
  }

  #hear(event: AmiMessage): void {
    const at = this.#context.clock.now();
    if (event.name === 'DeviceStateChange') return this.#device(event);
    if (event.name === 'OriginateResponse') return void this.#originated(event, at);
    if (this.#held !== null) this.#held.push({ event, at });
    else this.#tracker.handle(event.name, event.fields, at);
  }

  #device(event: AmiMessage): void {
    const report = deviceReport({ connection: this.#context.connection, isExtension: this.#isExtension }, event.fields);
    if (report !== null) this.#context.reportDevices([report]);
  }

  async #originated(event: AmiMessage, at: number): Promise<void> {
    const report = originateFailed(event, this.#context.connection, at);
    try {
      if (report !== null) await this.#context.emit(report);
    } catch (error) {
      this.#context.log.error({ err: error }, 'that a call did not come about could not be written down');
    }
  }

  /**
   * After each connect: what lives now is read, what ended meanwhile is taken from the PBX's record and else closed.
   * Events that come in the meantime are held and follow the picture they may already be in; the tracker bears that.
   */
  async #resync(): Promise<void> {
    this.#held = [];
    const [channels, devices] = await Promise.all([
      this.#client.list('CoreShowChannels'),
      this.#client.list('DeviceStateList').catch(unlessRefused),
    ]);
    for (const device of devices?.items ?? []) this.#device(device);
    const alive = new Set(channels.items.flatMap((item) => [item.fields.Linkedid ?? '', item.fields.Uniqueid ?? '']));
    const now = this.#context.clock.now();
    // What the list no longer has is closed by the PBX's own record where there is one, else as of now.
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
    await this.#readRecord(alive, closed);
    for (const call of closed.values()) void this.#handOver(call);
    const held = this.#held ?? [];
    this.#held = null;
    for (const { event, at } of held) this.#tracker.handle(event.name, event.fields, at);
  }

  /** A Hangup that never came would keep its call for ever: what has lived for long and the PBX no longer has is over. */
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

  /** Reads the record on; calls that live are left to the tracker, and those in `closed` are ended by what it says of them. */
  async #readRecord(alive?: ReadonlySet<string>, closed?: Map<string, CallSnapshot>): Promise<void> {
    const prefix = this.#context.connection.length + 1;
    const isLive = (call: CallSnapshot) =>
      alive === undefined
        ? [call.key, ...call.aliases].some((key) => this.#live.has(key))
        : [call.key, ...call.aliases].some((key) => alive.has(key.slice(prefix)));
    const take = async (call: CallSnapshot) => {
      const key = [call.key, ...call.aliases].find((one) => closed?.has(one));
      const known = key === undefined ? undefined : closed?.get(key);
      if (known === undefined) return this.#context.emit(withRequest(call));
      closed?.delete(known.key);
      await this.#handOver(closedByRecord(known, call));
      // Handing over gives up when the program stops: the record's place must then stay before this call.
      this.#stopping.signal.throwIfAborted();
    };
    try {
      await this.#record?.read(take, isLive);
    } catch (error) {
      this.#context.log.error({ err: error }, "the PBX's call record could not be read");
    }
  }

  #changed(snapshot: CallSnapshot): void {
    if (snapshot.endedAt === null) this.#live.add(snapshot.key);
    else this.#live.delete(snapshot.key);
    if (this.#closed !== null && snapshot.endedAt !== null) this.#closed.set(snapshot.key, snapshot);
    else void this.#handOver(snapshot);
    // What was missed of a call is in the record once it has ended.
    if (snapshot.endedAt !== null && snapshot.reconstructed && !this.#stopping.signal.aborted) this.#readRecordSoon();
  }

  /** Resolves when the snapshot is safe, or the program stops. Its recordings are looked for afterwards. */
  #handOver(snapshot: CallSnapshot): Promise<void> {
    const handed = this.#outbox.push(snapshot);
    if (snapshot.endedAt !== null && snapshot.recordings.length > 0) this.#look(snapshot, handed);
    return handed;
  }

  #look(call: CallSnapshot, after: Promise<void> = Promise.resolve()): void {
    const looking = after.then(() => this.#lookForRecordings(call));
    this.#looking.add(looking);
    void looking.finally(() => this.#looking.delete(looking));
  }

  async #lookForRecordings(call: CallSnapshot): Promise<void> {
    const directory = this.#config.recordings?.dir;
    if (directory === undefined) return void (await this.#outbox.push(withoutFiles(call)));
    for (const [i, wait] of recordingLooks.entries()) {
      await sleep(wait, this.#stopping.signal);
      const last = i === recordingLooks.length - 1 || this.#stopping.signal.aborted;
      const found = await findRecordings(call, directory, last && !this.#stopping.signal.aborted);
      const settled = found.recordings.every((recording) => recording.state !== 'pending');
      if (settled) return void (await this.#outbox.push(found));
      if (last) return;
    }
  }

  #cdrRules(config: AsteriskConfig) {
    const zone = config.cdr?.utc === true ? 'UTC' : (config.timezone ?? 'UTC');
    const toInstant = (text: string) => {
      const wall = Date.parse(`${text.replace(' ', 'T')}Z`);
      return Number.isNaN(wall) || text === '' ? Number.NaN : fromWallClock(wall, zone);
    };
    return { connection: this.#context.connection, isExtension: this.#isExtension, toInstant };
  }
}

/** An end that was not seen, as the record tells it; what was seen live before it stays. */
function closedByRecord(known: CallSnapshot, record: CallSnapshot): CallSnapshot {
  const { direction, transfers, recordings, key, aliases } = known;
  const startedAt = Math.min(known.startedAt, record.startedAt);
  const party = isUnknown(known.party) ? record.party : known.party;
  const dialled = known.dialled ?? record.dialled;
  return { ...record, key, aliases, party, dialled, direction, transfers, recordings, startedAt };
}

/** A PBX that refuses a list we can do without is not a broken connection. */
function unlessRefused(error: unknown): null {
  if (error instanceof AmiError && error.code === 'action-refused') return null;
  throw error;
}

function tlsOf(tls: AsteriskConfig['ami']['tls']) {
  if (tls === false) return false;
  if (tls === true) return {};
  return {
    ...(tls.ca !== undefined && { ca: tls.ca }),
    ...(tls.rejectUnauthorized !== undefined && { rejectUnauthorized: tls.rejectUnauthorized }),
  };
}
