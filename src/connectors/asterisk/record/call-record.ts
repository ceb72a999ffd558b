import type { Reason } from '../../../domain/base/reason.ts';
import { timeText } from '../../../domain/base/time-text.ts';
import { reason } from '../../../domain/reasons/reasons.ts';
import type { ConnectorContext } from '../../contract.ts';
import type { CelTable } from './cel/table.ts';
import { CelTeller } from './cel/teller.ts';
import { FollowedTime, type Gap, gapTimes } from './gap.ts';
import { RecordReader, type RecordTaker } from './reader.ts';
import type { CallRules } from './sides.ts';
import { type RecordSource, RecordUnreadable } from './source.ts';

/** What the record needs of its connection. */
export interface CallRecordOptions {
  /** Null if no record is configured: then gaps are reported, and remain. */
  readonly source: RecordSource | null;
  /** A `cel` table beside it; null if none is configured. */
  readonly cel?: CelTable | null;
  readonly rules: CallRules;
  readonly context: Pick<ConnectorContext, 'cursor' | 'log' | 'clock'>;
  /** Reports why the record can't be read, and null once it can. */
  readonly onTrouble: (trouble: Reason | null) => void;
}

/**
 * The PBX's call record beside the live way: it recovers the calls of gaps, and reports gaps from when to when. That it can't be
 * read is a state that people see; the gap is recovered once it can.
 */
export class CallRecord {
  readonly #options: CallRecordOptions;
  readonly #reader: RecordReader | null;
  readonly #followed: FollowedTime;
  /** The gap that has not been read from the record yet. */
  #gap: Gap | null = null;
  #unreadableSince: number | null = null;

  constructor(options: CallRecordOptions) {
    const { source, cel = null, rules, context } = options;
    const teller = cel === null ? null : new CelTeller(cel, rules);
    this.#options = options;
    this.#reader = source === null ? null : new RecordReader(source, rules, context, teller);
    this.#followed = new FollowedTime(context);
  }

  /** Live events have resumed, and the record is read next. */
  async resumed(): Promise<void> {
    const { log } = this.#options.context;
    const gap = await this.#followed.begin();
    if (gap === null) return;
    // An earlier gap that has not been read yet goes on.
    this.#gap = { from: this.#gap?.from ?? gap.from, to: gap.to };
    if (this.#reader !== null) return;
    log.warn(gapTimes(this.#gap), 'calls of this time were not seen, and no call record is configured to recover them');
    this.#gap = null;
  }

  /** Live events have ceased: the connection was lost. */
  lost(): void {
    this.#followed.end();
  }

  /** Keeps until when calls were followed. If another instance has taken over, that one keeps it. */
  async stop(): Promise<void> {
    await this.#followed.keep().catch(() => undefined);
    this.#followed.end();
  }

  /** Reads new rows. Never rejects: the next read continues from there. */
  async read(taker: RecordTaker): Promise<void> {
    const { log } = this.#options.context;
    try {
      const calls = await this.#reader?.read(taker);
      if (this.#reader !== null) this.#readable(calls ?? 0);
      await this.#keepFollowed();
    } catch (error) {
      if (error instanceof RecordUnreadable) this.#unreadable(error);
      else log.error({ err: error }, "calls of the PBX's record could not be stored");
    }
  }

  #readable(calls: number): void {
    const { context, onTrouble } = this.#options;
    if (this.#unreadableSince !== null) {
      const times = gapTimes({ from: this.#unreadableSince, to: context.clock.now() });
      context.log.info({ ...times, calls }, 'the call record can be read again; it could not in this time');
      this.#unreadableSince = null;
      onTrouble(null);
    }
    if (this.#gap === null) return;
    context.log.info({ ...gapTimes(this.#gap), calls }, 'calls of this time were not seen live; the record was read');
    this.#gap = null;
  }

  #unreadable(error: RecordUnreadable): void {
    const { context, onTrouble } = this.#options;
    if (this.#unreadableSince === null) {
      this.#unreadableSince = context.clock.now();
      context.log.error({ err: error, gap: this.#gap && gapTimes(this.#gap) }, "the PBX's call record can't be read");
    }
    const said = error.message;
    onTrouble(
      this.#gap === null
        ? reason('recordUnreadable', { since: timeText(this.#unreadableSince), said })
        : reason('recordGap', { ...gapTimes(this.#gap), said }),
    );
  }

  async #keepFollowed(): Promise<void> {
    try {
      await this.#followed.keep();
    } catch (error) {
      this.#options.context.log.warn({ err: error }, 'how long calls were followed could not be stored');
    }
  }
}
