import type { EventKey, InteractionId } from '../../domain/base/ids.ts';
import type { ReplyHandle } from '../../domain/outbound/reply-handle.ts';
import type { BlobId } from '../../domain/ports/blobs.ts';
import type { WrittenTable } from '../../domain/ports/contact-tables.ts';
import type { AttachmentFile } from '../../domain/ports/readers.ts';
import type { WrittenBody, WrittenDeletion, WrittenReport } from '../../domain/written/written-contact.ts';
import { insertNew, places, type Sql } from './sql.ts';
import { Sweeps } from './sweeps.ts';

/**
 * Attachments, bodies, participants, reply handles and pending reports of letters, messages and forms, in SQL shared
 * by both stores.
 */
export class SqlWrittenTable implements WrittenTable {
  readonly #sql: Sql;
  readonly #hash: (key: EventKey) => Buffer;
  readonly #sweeps = new Sweeps();

  constructor(sql: Sql, hash: (key: EventKey) => Buffer) {
    this.#sql = sql;
    this.#hash = hash;
  }

  keepAttachments(files: readonly AttachmentFile[]): Promise<void> {
    const rows = files.map(({ id, interaction, blob, name, mime }) => ({ id, interaction, blob, name, mime }));
    return insertNew(this.#sql, 'attachments', rows);
  }

  keepBody(interaction: InteractionId, body: WrittenBody): Promise<void> {
    return insertNew(this.#sql, 'letter_bodies', [{ interaction, body: JSON.stringify(body) }]);
  }

  async replaceBody(interaction: InteractionId, body: WrittenBody): Promise<void> {
    const sql = 'SELECT body FROM letter_bodies WHERE interaction = ?';
    const [row] = await this.#sql.all<{ body: string }>(sql, interaction);
    if (row === undefined) return this.keepBody(interaction, body);
    const before = JSON.parse(row.body) as WrittenBody;
    if (before.blob === body.blob) return;
    const update = 'UPDATE letter_bodies SET body = ? WHERE interaction = ?';
    await this.#sql.run(update, JSON.stringify(body), interaction);
    await this.markUnreferenced([before.blob]);
  }

  keepParticipants(interaction: InteractionId, emails: readonly string[]): Promise<void> {
    return insertNew(
      this.#sql,
      'interaction_participants',
      emails.map((email) => ({ email, interaction })),
    );
  }

  async keepHandle(interaction: InteractionId, { connection, handle }: ReplyHandle): Promise<void> {
    await this.#sql.run(
      `INSERT INTO reply_handles (interaction, connection, handle) VALUES (?, ?, ?)
        ON CONFLICT (interaction) DO UPDATE SET handle = excluded.handle`,
      interaction,
      connection,
      JSON.stringify(handle),
    );
  }

  async handle(interaction: InteractionId): Promise<ReplyHandle | null> {
    const sql = 'SELECT connection, handle FROM reply_handles WHERE interaction = ?';
    const [row] = await this.#sql.all<{ connection: string; handle: string }>(sql, interaction);
    return row === undefined ? null : { connection: row.connection, handle: JSON.parse(row.handle) };
  }

  async keepReport(key: EventKey, report: WrittenReport | WrittenDeletion, at: number): Promise<void> {
    await this.#sql.run(
      `INSERT INTO pending_reports (key, at, body) VALUES (?, ?, ?)
        ON CONFLICT (key) DO UPDATE SET at = excluded.at, body = excluded.body`,
      this.#nameOf(key),
      at,
      JSON.stringify(report),
    );
  }

  async takeReports(keys: readonly EventKey[]): Promise<readonly (WrittenReport | WrittenDeletion)[]> {
    const names = keys.map((key) => this.#nameOf(key));
    const rows = await this.#sql.all<{ body: string }>(
      `DELETE FROM pending_reports WHERE key IN (${places(names)}) RETURNING body`,
      ...names,
    );
    return rows.map(({ body }) => JSON.parse(body));
  }

  async dropReports(before: number): Promise<void> {
    if (this.#sweeps.due(before)) await this.#sql.run('DELETE FROM pending_reports WHERE at < ?', before);
  }

  markUnreferenced(blobs: readonly BlobId[]): Promise<void> {
    return insertNew(
      this.#sql,
      'loose_blobs',
      blobs.map((blob) => ({ blob })),
    );
  }

  #nameOf(key: EventKey): string {
    return this.#hash(key).toString('hex');
  }
}
