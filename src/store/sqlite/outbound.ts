import type { Database, Statement } from 'better-sqlite3';
import { type InteractionId, newInteractionId } from '../../domain/base/ids.ts';
import type { StaffIndex } from '../../domain/directory/staff-index.ts';
import type { Interaction } from '../../domain/interaction/interaction.ts';
import { removedKey } from '../../domain/interaction/removed.ts';
import { type AutomaticCount, automaticCount, tooManyAutomatic } from '../../domain/outbound/automatic-cap.ts';
import { hasLeft, type Outbound, outboundKey } from '../../domain/outbound/outbound.ts';
import {
  afterSending,
  afterSent,
  alreadySent,
  handleless,
  notSent,
  outboundContent,
  queuedInteraction,
  type SendWrite,
} from '../../domain/outbound/sending.ts';
import { type Refusal, refuse } from '../../domain/ports/refusal.ts';
import type { WriteSettings } from '../../domain/ports/write-settings.ts';
import type { Change, Write } from '../../domain/ports/writes.ts';
import { attachmentsOf, writtenParty } from '../../domain/written/reduce-written.ts';
import { type OutboundRow, outboundOf } from '../shared/outbound-queue.ts';
import type { CallWriter } from './calls.ts';
import type { InteractionTable } from './interactions.ts';
import type { UndeliverableTable } from './undeliverable.ts';
import type { WrittenWriter } from './written.ts';

type Outcome = readonly Change[] | Refusal;

/** Letters and messages of ours on their way out: each a row that its connector sends once. */
export class OutboundWriter {
  readonly #table: InteractionTable;
  readonly #calls: CallWriter;
  readonly #written: WrittenWriter;
  readonly #undeliverable: UndeliverableTable;
  readonly #settings: WriteSettings;
  readonly #handle: Statement<[string], { connection: string; handle: string }>;
  readonly #insert: Statement;
  readonly #get: Statement<[string], OutboundRow>;
  readonly #set: Statement;
  readonly #expire: Statement;
  readonly #automatic: Readonly<Record<AutomaticCount['column'], Statement<[string, string], { n: number }>>>;

  constructor(
    db: Database,
    parts: {
      readonly table: InteractionTable;
      readonly calls: CallWriter;
      readonly written: WrittenWriter;
      readonly undeliverable: UndeliverableTable;
    },
    settings: WriteSettings,
  ) {
    this.#table = parts.table;
    this.#calls = parts.calls;
    this.#written = parts.written;
    this.#undeliverable = parts.undeliverable;
    this.#settings = settings;
    this.#handle = db.prepare('SELECT connection, handle FROM reply_handles WHERE interaction = ?');
    this.#insert = db.prepare(
      "INSERT INTO outbound (id, connection, channel, state, next_at, expires_at, content) VALUES (?, ?, ?, 'due', ?, ?, ?)",
    );
    this.#get = db.prepare('SELECT * FROM outbound WHERE id = ?');
    this.#set = db.prepare('UPDATE outbound SET state = ?, attempts = ?, next_at = ? WHERE id = ?');
    this.#expire = db.prepare('UPDATE outbound SET expires_at = ? WHERE id = ?');
    const counting = (column: AutomaticCount['column']): Statement<[string, string], { n: number }> =>
      db.prepare(`SELECT count(*) AS n FROM interactions i WHERE ${column} = ? AND started_at > ? AND direction = 'outbound'
        AND body ->> '$.automatic' IS NOT NULL AND EXISTS (SELECT 1 FROM outbound o WHERE o.id = i.id)`);
    this.#automatic = { email: counting('email'), phone: counting('phone'), account: counting('account') };
  }

  /** Stores what is to be sent, with its interaction. */
  send(write: SendWrite, staff: StaffIndex): Outcome {
    const existing = this.#written.known([write.key]);
    if (existing !== null) return [{ interaction: existing, desk: [] }];
    if (this.#written.wasRemoved([write.key])) return removedKey();
    const parent = write.answers === null ? null : this.#table.get(write.answers);
    if (write.answers !== null && parent === null) return refuse('not_found', `no interaction ${write.answers}`);
    const handle = parent === null ? undefined : this.#handle.get(parent.id);
    const connection = write.connection ?? handle?.connection ?? null;
    if (connection === null) return handleless(write);
    const replyTo = handle?.connection === connection ? (JSON.parse(handle.handle) as Record<string, string>) : null;
    const content = outboundContent(write, replyTo);
    const id = newInteractionId(write.at);
    const interaction = queuedInteraction(id, write, content, {
      ...this.#settings,
      parent,
      match: this.#calls.match(writtenParty({ party: content.to }, this.#settings.country)),
      staff,
      connection,
      attachments: attachmentsOf(content.attachments, { ...this.#settings, id }),
    });
    const counted = automaticCount(interaction, write.at);
    const refused = counted === null ? null : tooManyAutomatic(this.#count(counted));
    if (refused !== null) return refused;
    this.#written.bind([write.key, outboundKey(id)], id);
    this.#written.keepAttachments(id, content.attachments);
    this.#insert.run(id, connection, write.channel, write.at, write.expiresAt, JSON.stringify(content));
    return [this.#table.save(null, interaction, write.at, write.by.id, 'written')];
  }

  /** Its connector begins to send it. */
  begin({ id, at }: Extract<Write, { op: 'sending' }>): Outcome {
    const row = this.#row(id);
    if (row === null || row.state !== 'due') return notSent(id, row, 'due');
    this.#set.run('sending', row.attempts + 1, at, id);
    return [];
  }

  /** How the attempt ended. */
  end({ id, outcome, at }: Extract<Write, { op: 'sent' }>): Outcome {
    const row = this.#row(id);
    const before = this.#table.get(id);
    // An echo or a report has told already that it went out: whatever this attempt says, there is nothing left to send.
    const settled = before !== null && outcome.kind !== 'sent' && hasLeft(before);
    if (row === null || (row.state === 'done' && !settled)) return notSent(id, row, 'sending');
    const { state, nextAt } = settled ? { state: 'done' as const, nextAt: at } : afterSending(row, outcome, at);
    this.#set.run(state, row.attempts, nextAt, id);
    if (outcome.kind === 'failed' && outcome.undeliverable !== undefined)
      this.#undeliverable.mark(outcome.undeliverable, at);
    if (before === null) return [];
    const after = afterSent(before, state, outcome, at);
    if (outcome.kind !== 'sent') return after === null ? [] : [this.#table.save(before, after, at, 'auto', 'not sent')];
    this.#written.bind(outcome.keys, id);
    if (outcome.handle !== null) this.#written.keepHandle(id, row.connection, outcome.handle);
    const told = this.#written.withReports(after ?? before, outcome.keys);
    const saved = told === before ? [] : [this.#table.save(before, told, at, 'auto', 'sent')];
    return [...saved, ...this.#written.answer(told, at, at)];
  }

  /** A human wants it sent again. */
  again({ id, expiresAt, at }: Extract<Write, { op: 'resend' }>): Outcome {
    const before: Interaction | null = this.#table.get(id);
    if (before !== null && hasLeft(before)) return alreadySent(id);
    const row = this.#row(id);
    if (row === null || (row.state !== 'failed' && row.state !== 'uncertain')) return notSent(id, row, 'failed');
    this.#set.run('due', 0, at, id);
    this.#expire.run(expiresAt, id);
    if (before === null) return [];
    const after: Interaction = { ...before, state: 'queued', problem: null, revision: before.revision + 1 };
    return [this.#table.save(before, after, at, 'auto', 'sent again')];
  }

  #count({ column, value, since }: AutomaticCount): number {
    return this.#automatic[column].get(value, since)?.n ?? 0;
  }

  #row(id: InteractionId): Outbound | null {
    const row = this.#get.get(id);
    return row === undefined ? null : outboundOf(row);
  }
}
