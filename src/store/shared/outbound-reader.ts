import type { InteractionId } from '../../domain/base/ids.ts';
import type { Outbound } from '../../domain/outbound/outbound.ts';
import type { ReplyHandle } from '../../domain/outbound/reply-handle.ts';
import type { OutboundReader } from '../../domain/ports/readers.ts';
import { SqlDeskReader } from './desk-reader.ts';
import { countWaiting } from './listings.ts';
import { type OutboundRow, outboundOf, selectDue, selectNextDue } from './outbound-queue.ts';

/** Queries about outbound messages, in SQL shared by both stores. */
export abstract class SqlOutboundReader extends SqlDeskReader implements OutboundReader {
  async outboundDue(connection: string, now: number, limit: number): Promise<readonly Outbound[]> {
    return (await this.rows<OutboundRow>(selectDue, connection, now, limit)).map(outboundOf);
  }

  async outboundNext(connection: string): Promise<number | null> {
    const next = (await this.row<{ next: number }>(selectNextDue, connection))?.next ?? null;
    return next === null ? null : Number(next);
  }

  outboundWaiting() {
    return this.listed<{ connection: string; count: number }>(countWaiting);
  }

  async outboundBegun(connection: string): Promise<readonly Outbound[]> {
    const sql = "SELECT * FROM outbound WHERE connection = ? AND state = 'sending'";
    return (await this.rows<OutboundRow>(sql, connection)).map(outboundOf);
  }

  async outbound(id: InteractionId): Promise<Outbound | null> {
    const row = await this.row<OutboundRow>('SELECT * FROM outbound WHERE id = ?', id);
    return row === undefined ? null : outboundOf(row);
  }

  async replyHandle(id: InteractionId): Promise<ReplyHandle | null> {
    const sql = 'SELECT connection, handle FROM reply_handles WHERE interaction = ?';
    const row = await this.row<{ connection: string; handle: string }>(sql, id);
    return row === undefined ? null : { connection: row.connection, handle: JSON.parse(row.handle) };
  }
}
