import type { InteractionId } from '../../domain/base/ids.ts';
import { urgentUntil } from '../../domain/delivery/urgency.ts';
import { type DeskEntry, deskAudience } from '../../domain/desk/desk-message.ts';
import type { Interaction } from '../../domain/interaction/interaction.ts';
import { managersOf } from '../../domain/interaction/managers.ts';
import type { InteractionTable } from '../../domain/ports/contact-tables.ts';
import type { Change } from '../../domain/ports/writes.ts';
import { parseInteraction } from '../shared/interaction-body.ts';
import { columnsOf, countChange, dealsOf, deskWindow, talkChange } from '../shared/interactions.ts';
import type { Connection } from './connect.ts';
import { oweSql } from './owed.ts';
import type { ViewerTable } from './viewers.ts';

/** One statement per revision, because a round trip takes longer than any part of the statement. */
const saveSql = `
  WITH put AS (
    INSERT INTO interactions (id, revision, channel, direction, state, started_at, phone, email, client, line, connection, live, auto, thread, account, body)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
    ON CONFLICT (id) DO UPDATE SET revision = excluded.revision, channel = excluded.channel, direction = excluded.direction, state = excluded.state,
      started_at = excluded.started_at, phone = excluded.phone, email = excluded.email, client = excluded.client, line = excluded.line,
      connection = excluded.connection, live = excluded.live, auto = excluded.auto,
      thread = excluded.thread, account = excluded.account, body = excluded.body),
  recorded AS (
    INSERT INTO history (interaction, revision, at, by, what) VALUES ($1, $2, $17, $18, $19)
    ON CONFLICT (interaction, revision) DO UPDATE SET at = excluded.at, by = excluded.by, what = excluded.what),
  due AS (
    ${oweSql('interaction', { subject: '$1', revision: '$2', at: '$17', urgent: '$31::bigint' })}),
  counted AS (
    INSERT INTO line_hours (hour, line, connection, count) SELECT hour, line, connection, n FROM unnest($26::text[], $27::text[], $28::text[], $29::int[]) AS c (hour, line, connection, n)
    ON CONFLICT (hour, line, connection) DO UPDATE SET count = line_hours.count + excluded.count),
  talked AS (
    INSERT INTO talk_log (phone) SELECT p FROM unnest($30::text[]) p ON CONFLICT (phone) DO UPDATE SET seq = excluded.seq),
  mine AS (
    INSERT INTO interaction_managers (manager, started_at, interaction) SELECT m, $6, $1 FROM unnest($20::text[]) m ON CONFLICT DO NOTHING),
  seen AS (
    INSERT INTO interaction_viewers (viewer, started_at, interaction)
    SELECT v, $6, $1 FROM (SELECT $24::text AS v UNION ALL SELECT 'responsible:' || responsible FROM clients WHERE id = $25) w
    WHERE v IS NOT NULL ON CONFLICT DO NOTHING),
  seqs AS (
    INSERT INTO desk_seq (manager, seq) SELECT m, 1 FROM unnest($21::text[]) m ORDER BY m
    ON CONFLICT (manager) DO UPDATE SET seq = desk_seq.seq + 1 RETURNING manager, seq),
  logged AS (
    INSERT INTO desk_log (manager, interaction, seq) SELECT manager, $1, seq FROM seqs
    ON CONFLICT (manager, interaction) DO UPDATE SET seq = excluded.seq),
  entries AS (
    SELECT s.manager, k.kind, s.seq FROM unnest($21::text[], $22::text[]) WITH ORDINALITY AS k (manager, kind, n) JOIN seqs s USING (manager) ORDER BY k.n),
  changed AS (
    INSERT INTO changes (at, instance, interaction, desk)
    SELECT $17, $23::text, $1, coalesce((SELECT json_agg(json_build_object('manager', manager, 'kind', kind, 'seq', seq)) FROM entries), '[]')::text)
  SELECT manager, kind, seq FROM entries`;

/** Interactions, their history, and everything else that a new revision updates. */
export class PostgresInteractionTable implements InteractionTable {
  readonly #db: Connection;
  readonly #instance: string;
  readonly #viewers: ViewerTable;
  /** Interactions read or written in this transaction. Nobody else can write meanwhile. */
  readonly #rows = new Map<string, Interaction | null>();

  constructor(db: Connection, instance: string, viewers: ViewerTable) {
    this.#db = db;
    this.#instance = instance;
    this.#viewers = viewers;
  }

  /** Discards cached state when a transaction begins or is partly rolled back. */
  forget(): void {
    this.#rows.clear();
  }

  /** Reads many interactions in one round trip, for the lookups that follow. */
  async prefetch(ids: readonly InteractionId[]): Promise<void> {
    if (ids.length === 0) return;
    const { rows } = await this.#db.query<{ id: InteractionId; body: string }>({
      name: 'interactions',
      text: 'SELECT id, body FROM interactions WHERE id = ANY ($1)',
      values: [ids],
    });
    for (const id of ids) this.#rows.set(id, null);
    for (const { id, body } of rows) this.#rows.set(id, parseInteraction(body));
  }

  async get(id: string): Promise<Interaction | null> {
    const seen = this.#rows.get(id);
    if (seen !== undefined) return seen;
    const found = await this.#read(id);
    this.#rows.set(id, found);
    return found;
  }

  async #read(id: string): Promise<Interaction | null> {
    const { rows } = await this.#db.query<{ body: string }>({
      name: 'interaction',
      text: 'SELECT body FROM interactions WHERE id = $1',
      values: [id],
    });
    return rows[0] === undefined ? null : parseInteraction(rows[0].body);
  }

  /** The latest interactions of a thread, newest first. */
  async ofThread(thread: string, limit: number): Promise<readonly Interaction[]> {
    const { rows } = await this.#db.query<{ body: string }>({
      name: 'thread',
      text: 'SELECT body FROM interactions WHERE thread = $1 ORDER BY started_at DESC, id DESC LIMIT $2',
      values: [thread, limit],
    });
    return rows.map((row) => parseInteraction(row.body));
  }

  /** The latest interactions with an address between two times (RFC 3339), newest first. */
  async ofEmail(email: string, from: string, to: string, limit: number): Promise<readonly Interaction[]> {
    const { rows } = await this.#db.query<{ body: string }>({
      name: 'email',
      text: 'SELECT body FROM interactions WHERE email = $1 AND started_at BETWEEN $2 AND $3 ORDER BY started_at DESC LIMIT $4',
      values: [email, from, to, limit],
    });
    return rows.map((row) => parseInteraction(row.body));
  }

  /**
   * Writes a revision: the row, its history, the deliveries that are now due, the sequence numbers of desks, and the
   * change log for other instances.
   */
  async save(before: Interaction | null, after: Interaction, at: number, by: string, what: string): Promise<Change> {
    const audience = deskAudience(before, after);
    const { was, is } = countChange(before, after);
    const counts = [...(was === null ? [] : [{ ...was, count: -1 }]), ...(is === null ? [] : [{ ...is, count: 1 }])];
    if (before !== null && before.startedAt !== after.startedAt) {
      await this.#db.query(
        'DELETE FROM interaction_managers WHERE manager = ANY ($1) AND started_at = $2 AND interaction = $3',
        [[...managersOf(before)], before.startedAt, before.id],
      );
    }
    await this.#putDeals(before, after);
    const { pool, client } = await this.#viewers.follow(before, after);
    const { rows: desk } = await this.#db.query<DeskEntry>({
      name: 'save',
      text: saveSql,
      values: [
        ...columnsOf(after),
        JSON.stringify(after),
        at,
        by,
        what,
        [...managersOf(after)],
        audience.map((one) => one.manager),
        audience.map((one) => one.kind),
        this.#instance,
        pool,
        client,
        counts.map(({ hour }) => hour),
        counts.map(({ line }) => line),
        counts.map(({ connection }) => connection),
        counts.map(({ count }) => count),
        talkChange(before, after),
        urgentUntil(before, after, at),
      ],
    });
    for (const { manager, seq } of desk) {
      if (seq % 100 !== 0) continue;
      await this.#db.query('DELETE FROM desk_log WHERE manager = $1 AND seq <= $2', [manager, seq - deskWindow]);
    }
    this.#rows.set(after.id, after);
    return { interaction: after, desk };
  }

  showTo(manager: string, contacts: readonly Interaction[]): Promise<void> {
    return this.#viewers.hand(contacts, manager);
  }

  /** Stores links without creating a revision. */
  async setLinks(interaction: Interaction, links: Interaction['links']): Promise<void> {
    const after = { ...interaction, links };
    this.#rows.set(after.id, after);
    await this.#db.query('UPDATE interactions SET body = $1 WHERE id = $2', [JSON.stringify(after), interaction.id]);
    await this.#putDeals(interaction, after);
  }

  /** Few revisions change an interaction's deals, so usually this runs no query. */
  async #putDeals(before: Interaction | null, after: Interaction): Promise<void> {
    const had = [...(before === null ? [] : dealsOf(before))];
    const has = [...dealsOf(after)];
    if (had.length === has.length && had.every((deal) => has.includes(deal))) return;
    await this.#db.query('DELETE FROM interaction_deals WHERE interaction = $1', [after.id]);
    await this.#db.query('INSERT INTO interaction_deals (interaction, deal) SELECT $1, unnest($2::text[])', [
      after.id,
      has,
    ]);
  }
}
