import type { Client } from '../../domain/directory/client.ts';
import type { Interaction } from '../../domain/interaction/interaction.ts';
import { poolKey, viewKeys } from '../../domain/interaction/view.ts';
import type { Connection } from './connect.ts';

/** The keys by which interactions are seen beside the managers that they name: see `domain/view.ts`. */
export class ViewerTable {
  readonly #db: Connection;
  readonly #isKnown: (line: string) => boolean;

  constructor(db: Connection, isKnown: (line: string) => boolean) {
    this.#db = db;
    this.#isKnown = isKnown;
  }

  /**
   * Follows a change of an interaction: takes away what holds no more. Answers what {@link saveSql} is to put: the pool's key, and the
   * client whose responsible sees it.
   */
  async follow(
    before: Interaction | null,
    after: Interaction,
  ): Promise<{ readonly pool: string | null; readonly client: string | null }> {
    const moved = before !== null && before.startedAt !== after.startedAt;
    const [had, has] = [before === null ? null : poolKey(before, this.#isKnown), poolKey(after, this.#isKnown)];
    const otherPool = moved || had !== has;
    const otherClient = moved || before?.client?.id !== after.client?.id;
    // It may have come when the configuration did not name its line yet.
    const gone = otherPool && had !== null ? ['', before?.line?.id ?? ''].map(viewKeys.pool) : [];
    const left = otherClient ? (before?.client?.id ?? null) : null;
    if (before !== null && (gone.length > 0 || left !== null)) {
      await this.#db.query(
        `DELETE FROM interaction_viewers WHERE started_at = $3 AND interaction = $4
         AND (viewer = ANY ($1::text[]) OR viewer = (SELECT 'responsible:' || responsible FROM clients WHERE id = $2))`,
        [gone, left, before.startedAt, before.id],
      );
    }
    return { pool: otherPool ? has : null, client: otherClient ? (after.client?.id ?? null) : null };
  }

  /** Clients get other responsible managers, who see their contacts from then on; null: none, or there is no client any more. Asked before the clients are written. */
  async reassign(clients: readonly Pick<Client, 'id' | 'responsible'>[]): Promise<void> {
    const { rows } = await this.#db.query<{ id: string; before: string | null; after: string | null }>(
      `SELECT c.id, c.responsible AS before, n.responsible AS after
       FROM unnest($1::text[], $2::text[]) AS n (id, responsible) JOIN clients c ON c.id = n.id
       WHERE c.responsible IS DISTINCT FROM n.responsible`,
      [clients.map(({ id }) => id), clients.map(({ responsible }) => responsible)],
    );
    for (const { id, before, after } of rows) {
      if (before !== null) {
        await this.#db.query(
          `DELETE FROM interaction_viewers v USING interactions i
           WHERE i.client = $2 AND v.viewer = $1 AND v.started_at = i.started_at AND v.interaction = i.id`,
          [viewKeys.responsible(before), id],
        );
      }
      if (after !== null) {
        await this.#db.query(
          `INSERT INTO interaction_viewers (viewer, started_at, interaction)
           SELECT $1, started_at, id FROM interactions WHERE client = $2 ON CONFLICT DO NOTHING`,
          [viewKeys.responsible(after), id],
        );
      }
    }
  }

  /** A conversation was handed over: its contacts until now are seen by who has it. */
  async hand(contacts: readonly Interaction[], manager: string): Promise<void> {
    await this.#db.query(
      `INSERT INTO interaction_viewers (viewer, started_at, interaction)
       SELECT $1, s, i FROM unnest($2::text[], $3::text[]) AS c (s, i) ON CONFLICT DO NOTHING`,
      [viewKeys.handed(manager), contacts.map(({ startedAt }) => startedAt), contacts.map(({ id }) => id)],
    );
  }
}
