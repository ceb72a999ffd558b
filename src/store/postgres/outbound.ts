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
import type { Connection } from './connect.ts';
import type { InteractionTable } from './interactions.ts';
import { markUndeliverable } from './undeliverable.ts';
import type { WrittenWriter } from './written.ts';

type Outcome = readonly Change[] | Refusal;

interface Parts {
  readonly table: InteractionTable;
  readonly calls: CallWriter;
  readonly written: WrittenWriter;
}

/** Letters and messages of ours on their way out; the steps are those of SQLite's OutboundWriter. */
export class OutboundWriter {
  readonly #db: Connection;
  readonly #parts: Parts;
  readonly #settings: WriteSettings;

  constructor(db: Connection, parts: Parts, settings: WriteSettings) {
    this.#db = db;
    this.#parts = parts;
    this.#settings = settings;
  }

  /** Stores what is to be sent, with its interaction. */
  async send(write: SendWrite, staff: StaffIndex): Promise<Outcome> {
    const { table, calls, written } = this.#parts;
    const existing = await written.known([write.key]);
    if (existing !== null) return [{ interaction: existing, desk: [] }];
    if (await written.wasRemoved([write.key])) return removedKey();
    const parent = write.answers === null ? null : await table.get(write.answers);
    if (write.answers !== null && parent === null) return refuse('not_found', `no interaction ${write.answers}`);
    const handle = parent === null ? undefined : await this.#handle(parent.id);
    const connection = write.connection ?? handle?.connection ?? null;
    if (connection === null) return handleless(write);
    const replyTo = handle?.connection === connection ? (JSON.parse(handle.handle) as Record<string, string>) : null;
    const content = outboundContent(write, replyTo);
    const id = newInteractionId(write.at);
    const interaction = queuedInteraction(id, write, content, {
      ...this.#settings,
      parent,
      match: await calls.match(writtenParty({ party: content.to }, this.#settings.country)),
      staff,
      connection,
      attachments: attachmentsOf(content.attachments, { ...this.#settings, id }),
    });
    const counted = automaticCount(interaction, write.at);
    const refused = counted === null ? null : tooManyAutomatic(await this.#count(counted));
    if (refused !== null) return refused;
    await table.putKeys([write.key, outboundKey(id)], id);
    await written.keepAttachments(id, content.attachments);
    await this.#db.query(
      "INSERT INTO outbound (id, connection, channel, state, next_at, expires_at, content) VALUES ($1, $2, $3, 'due', $4, $5, $6)",
      [id, connection, write.channel, write.at, write.expiresAt, JSON.stringify(content)],
    );
    return [await table.save(null, interaction, write.at, write.by.id, 'written')];
  }

  /** Its connector begins to send it. */
  async begin({ id, at }: Extract<Write, { op: 'sending' }>): Promise<Outcome> {
    const row = await this.#row(id);
    if (row === null || row.state !== 'due') return notSent(id, row, 'due');
    await this.#set(id, { state: 'sending', attempts: row.attempts + 1, nextAt: at });
    return [];
  }

  /** How the attempt ended. */
  async end({ id, outcome, at }: Extract<Write, { op: 'sent' }>): Promise<Outcome> {
    const { table, written } = this.#parts;
    const row = await this.#row(id);
    const before = await table.get(id);
    // An echo or a report has told already that it went out: whatever this attempt says, there is nothing left to send.
    const settled = before !== null && outcome.kind !== 'sent' && hasLeft(before);
    if (row === null || (row.state === 'done' && !settled)) return notSent(id, row, 'sending');
    const { state, nextAt } = settled ? { state: 'done' as const, nextAt: at } : afterSending(row, outcome, at);
    await this.#set(id, { state, attempts: row.attempts, nextAt });
    if (outcome.kind === 'failed' && outcome.undeliverable !== undefined)
      await markUndeliverable(this.#db, outcome.undeliverable, at);
    if (before === null) return [];
    const after = afterSent(before, state, outcome, at);
    if (outcome.kind !== 'sent') return after === null ? [] : [await table.save(before, after, at, 'auto', 'not sent')];
    await table.putKeys(outcome.keys, id);
    if (outcome.handle !== null) await written.keepHandle(id, row.connection, outcome.handle);
    const told = await written.withReports(after ?? before, outcome.keys);
    const saved = told === before ? [] : [await table.save(before, told, at, 'auto', 'sent')];
    return [...saved, ...(await written.answer(told, at, at))];
  }

  /** A human wants it sent again. */
  async again({ id, expiresAt, at }: Extract<Write, { op: 'resend' }>): Promise<Outcome> {
    const { table } = this.#parts;
    const before: Interaction | null = await table.get(id);
    if (before !== null && hasLeft(before)) return alreadySent(id);
    const row = await this.#row(id);
    if (row === null || (row.state !== 'failed' && row.state !== 'uncertain')) return notSent(id, row, 'failed');
    await this.#set(id, { state: 'due', attempts: 0, nextAt: at });
    await this.#db.query('UPDATE outbound SET expires_at = $1 WHERE id = $2', [expiresAt, id]);
    if (before === null) return [];
    const after: Interaction = { ...before, state: 'queued', problem: null, revision: before.revision + 1 };
    return [await table.save(before, after, at, 'auto', 'sent again')];
  }

  async #count({ column, value, since }: AutomaticCount): Promise<number> {
    const { rows } = await this.#db.query<{ n: string }>(
      `SELECT count(*) AS n FROM interactions i WHERE ${column} = $1 AND started_at > $2 AND direction = 'outbound'
       AND body::json ->> 'automatic' IS NOT NULL AND EXISTS (SELECT 1 FROM outbound o WHERE o.id = i.id)`,
      [value, since],
    );
    return Number(rows[0]?.n ?? 0);
  }

  async #row(id: InteractionId): Promise<Outbound | null> {
    const { rows } = await this.#db.query<OutboundRow>('SELECT * FROM outbound WHERE id = $1', [id]);
    return rows[0] === undefined ? null : outboundOf(rows[0]);
  }

  async #set(id: InteractionId, { state, attempts, nextAt }: Pick<Outbound, 'state' | 'attempts' | 'nextAt'>) {
    await this.#db.query('UPDATE outbound SET state = $1, attempts = $2, next_at = $3 WHERE id = $4', [
      state,
      attempts,
      nextAt,
      id,
    ]);
  }

  async #handle(id: InteractionId): Promise<{ connection: string; handle: string } | undefined> {
    const { rows } = await this.#db.query<{ connection: string; handle: string }>(
      'SELECT connection, handle FROM reply_handles WHERE interaction = $1',
      [id],
    );
    return rows[0];
  }
}
