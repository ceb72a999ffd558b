import type { Outbound, SendOutcome } from '../domain/outbound/outbound.ts';
import type { OutboundReader } from '../domain/ports/readers.ts';
import type { Write, WriteResult } from '../domain/ports/writes.ts';
import { reason } from '../domain/reasons/reasons.ts';
import { backoffDelay } from '../runtime/backoff.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Logger } from '../runtime/log.ts';
import { Loop, type LoopSignals, type Loops } from '../runtime/loop.ts';
import { sleep } from '../runtime/sleep.ts';

/** Sends for one connection. */
export interface OutboundSender {
  send(outbound: Outbound, signal: AbortSignal): Promise<SendOutcome>;
  confirm(outbound: Outbound, signal: AbortSignal): Promise<SendOutcome>;
}

/** What a loop is built from. */
export interface OutboundParts {
  readonly connection: string;
  readonly sender: OutboundSender;
  readonly read: Pick<OutboundReader, 'outboundDue' | 'outboundNext' | 'outboundBegun'>;
  readonly apply: (writes: readonly Write[]) => Promise<readonly WriteResult[]>;
  readonly clock: Clock;
  readonly log: Logger;
  /** Where the loop's health is seen. */
  readonly loops?: Loops;
}

/** Milliseconds between attempts where the service asks for no wait. */
const backoff = { min: 2000, max: 600_000 };
/** Milliseconds between two looks into the store without a nudge. */
const poll = 5000;
const storeTroublePause = 1000;
/** Milliseconds that a stop waits for the current sending before it cuts it off. */
const grace = 10_000;

/**
 * Sends what one connection has to send, one after the other, so that a conversation keeps its order. Each sending is recorded before
 * it begins: if a crash cuts it off, the next start asks the service about it and never repeats it blindly.
 */
export class OutboundLoop {
  readonly #parts: OutboundParts;
  readonly #loop: Loop;
  /** Whether the sendings that the last stop cut off have been settled. */
  #asked = false;

  constructor(parts: OutboundParts) {
    this.#parts = parts;
    const { connection, log, loops } = parts;
    this.#loop = new Loop({
      name: `outbound:${connection}`,
      loops,
      round: () => this.#sendDue(),
      backoff: { min: storeTroublePause, max: storeTroublePause },
      onTrouble: (error) => {
        log.error({ err: error, connection }, 'what is to be sent could not be read or written down');
      },
    });
  }

  start(): void {
    this.#loop.start();
  }

  /** Look again now. */
  nudge(): void {
    this.#loop.nudge();
  }

  /** Waits for the current sending within a grace period. Safe to call twice. */
  stop(): Promise<void> {
    return this.#loop.stop(grace);
  }

  get #signals(): LoopSignals {
    return this.#loop.signals;
  }

  /** Sends what is due; resolves to the milliseconds until there is more to do. */
  async #sendDue(): Promise<number> {
    const { read, connection, clock } = this.#parts;
    if (!this.#asked) await this.#askAboutBegun();
    this.#asked = true;
    const due = await read.outboundDue(connection, clock.now(), 20);
    for (const outbound of due) {
      if (this.#signals.stopping.aborted) return 0;
      // A message that waits for a retry holds back the rest of its conversation, which may be in this list.
      if ((await this.#sendOne(outbound)) === 'retry') break;
    }
    if (due.length > 0) return 0;
    const next = await read.outboundNext(connection);
    return next === null ? poll : Math.min(poll, Math.max(10, next - clock.now()));
  }

  /** Settles what was being sent when the program ended. */
  async #askAboutBegun(): Promise<void> {
    const { read, connection, sender } = this.#parts;
    for (const outbound of await read.outboundBegun(connection)) {
      const outcome = await this.#outcomeOf(outbound, () => sender.confirm(outbound, this.#signals.stopping));
      // If the stop interrupts the question, the next start asks again.
      if (this.#signals.stopping.aborted && outcome.kind === 'uncertain') return;
      await this.#endSending(outbound, outcome);
    }
  }

  /** Resolves to the outcome; null if there was nothing to do. */
  async #sendOne(outbound: Outbound): Promise<SendOutcome['kind'] | null> {
    const { sender, apply, clock } = this.#parts;
    const { id } = outbound;
    if (clock.now() >= outbound.expiresAt) {
      await this.#endSending(outbound, { kind: 'failed', reason: reason('expired') });
      return 'failed';
    }
    const [begun] = await apply([{ op: 'begin-sending', id, at: clock.now() }]);
    // Another instance took it, or it is gone.
    if (begun?.ok !== true) return null;
    const outcome = await this.#outcomeOf(outbound, () => sender.send(outbound, this.#signals.abandon));
    await this.#endSending(outbound, outcome);
    return outcome.kind;
  }

  async #outcomeOf({ id }: Outbound, act: () => Promise<SendOutcome>): Promise<SendOutcome> {
    const { log, connection } = this.#parts;
    try {
      return await act();
    } catch (error) {
      log.error({ err: error, connection, outbound: id }, 'a sending broke off and nobody knows whether it went out');
      return { kind: 'uncertain', reason: reason('brokeOff') };
    }
  }

  async #endSending(outbound: Outbound, ended: SendOutcome): Promise<void> {
    const { apply, clock, log, connection } = this.#parts;
    const { id, attempts } = outbound;
    let outcome = ended;
    if (outcome.kind === 'retry') outcome = { ...outcome, after: outcome.after ?? backoffDelay(attempts, backoff) };
    const write: Write = { op: 'end-sending', id, outcome, at: clock.now() };
    let [result] = await apply([write]).catch(() => []);
    // The outcome must not be lost because the store is away for a moment.
    while (result === undefined && !this.#signals.abandon.aborted) {
      await sleep(storeTroublePause, this.#signals.abandon);
      [result] = await apply([write]).catch(() => []);
    }
    if (outcome.kind !== 'sent')
      log.warn(
        { connection, outbound: id, outcome: outcome.kind, reason: outcome.reason.code },
        'a letter or message was not sent',
      );
  }
}
