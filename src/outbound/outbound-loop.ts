import type { Outbound, SendOutcome } from '../domain/outbound/outbound.ts';
import type { OutboundReader } from '../domain/ports/readers.ts';
import type { Write, WriteResult } from '../domain/ports/writes.ts';
import { reason } from '../domain/reasons/reasons.ts';
import { backoffDelay } from '../runtime/backoff.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Logger } from '../runtime/log.ts';
import { Loop, type LoopSignals, type Loops } from '../runtime/loop.ts';
import { sleep } from '../runtime/sleep.ts';

/** The sending part of a connector. */
export interface OutboundSender {
  send(outbound: Outbound, signal: AbortSignal): Promise<SendOutcome>;
  confirm(outbound: Outbound, signal: AbortSignal): Promise<SendOutcome>;
}

/** Dependencies of {@link OutboundLoop}. */
export interface OutboundParts {
  readonly connection: string;
  readonly sender: OutboundSender;
  readonly read: Pick<OutboundReader, 'outboundDue' | 'outboundNext' | 'outboundBegun'>;
  readonly apply: (writes: readonly Write[]) => Promise<readonly WriteResult[]>;
  readonly clock: Clock;
  readonly log: Logger;
  /** Reports the loop's health. */
  readonly loops?: Loops;
}

/** Milliseconds between attempts if the service requests no particular wait. */
const backoff = { min: 2000, max: 600_000 };
/** Milliseconds between two polls of the store without a nudge. */
const poll = 5000;
const storeTroublePause = 1000;
/** Milliseconds that a stop waits for the current send before aborting it. */
const grace = 10_000;

/**
 * Sends the queue of one connection, one entry at a time, so that conversations keep their order. Each send is recorded before it
 * begins. After a crash, the connector finds out whether an interrupted send succeeded; nothing is repeated blindly.
 */
export class OutboundLoop {
  readonly #parts: OutboundParts;
  readonly #loop: Loop;
  /** Whether interrupted sends of the previous run have been resolved. */
  #confirmed = false;

  constructor(parts: OutboundParts) {
    this.#parts = parts;
    const { connection, log, loops } = parts;
    this.#loop = new Loop({
      name: `outbound:${connection}`,
      loops,
      round: () => this.#sendDue(),
      backoff: { min: storeTroublePause, max: storeTroublePause },
      onTrouble: (error) => {
        log.error({ err: error, connection }, 'cannot read or update the outbound queue');
      },
    });
  }

  start(): void {
    this.#loop.start();
  }

  /** Polls the store now. */
  nudge(): void {
    this.#loop.nudge();
  }

  /** Waits for the current send within a grace period. Safe to call twice. */
  stop(): Promise<void> {
    return this.#loop.stop(grace);
  }

  get #signals(): LoopSignals {
    return this.#loop.signals;
  }

  /** Sends what is due. Resolves to the milliseconds until the next round. */
  async #sendDue(): Promise<number> {
    const { read, connection, clock } = this.#parts;
    if (!this.#confirmed) await this.#confirmBegun();
    this.#confirmed = true;
    const due = await read.outboundDue(connection, clock.now(), 20);
    for (const outbound of due) {
      if (this.#signals.stopping.aborted) return 0;
      // A message that waits for a retry must hold back the rest of its conversation, which may be in this list.
      if ((await this.#sendOne(outbound)) === 'retry') break;
    }
    if (due.length > 0) return 0;
    const next = await read.outboundNext(connection);
    return next === null ? poll : Math.min(poll, Math.max(10, next - clock.now()));
  }

  /** Resolves the sends that were interrupted when the program ended. */
  async #confirmBegun(): Promise<void> {
    const { read, connection, sender } = this.#parts;
    for (const outbound of await read.outboundBegun(connection)) {
      const outcome = await this.#outcomeOf(outbound, () => sender.confirm(outbound, this.#signals.stopping));
      // If the check is interrupted by a stop, the next start repeats it.
      if (this.#signals.stopping.aborted && outcome.kind === 'uncertain') return;
      await this.#endSending(outbound, outcome);
    }
  }

  /** Sends one entry. Resolves to the outcome, or null if there was nothing to do. */
  async #sendOne(outbound: Outbound): Promise<SendOutcome['kind'] | null> {
    const { sender, apply, clock } = this.#parts;
    const { id } = outbound;
    if (clock.now() >= outbound.expiresAt) {
      await this.#endSending(outbound, {
        kind: 'failed',
        reason: reason(outbound.channel === 'command' ? 'commandLate' : 'expired'),
      });
      return 'failed';
    }
    const [begun] = await apply([{ op: 'begin-sending', id, at: clock.now() }]);
    // Another instance is sending it, or it was removed.
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
      log.error(
        { err: error, connection, outbound: id },
        'a send was interrupted, and it is unknown whether it succeeded',
      );
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
    // The outcome must not be lost if the store is briefly unavailable.
    while (result === undefined && !this.#signals.abandon.aborted) {
      await sleep(storeTroublePause, this.#signals.abandon);
      [result] = await apply([write]).catch(() => []);
    }
    if (outcome.kind !== 'sent')
      log.warn(
        { connection, outbound: id, outcome: outcome.kind, reason: outcome.reason.code },
        outbound.channel === 'command' ? 'a command to a call was not carried out' : 'a letter or message was not sent',
      );
  }
}
