import type { Client } from '../../domain/directory/client.ts';
import type { Interaction } from '../../domain/interaction/interaction.ts';
import { poolKey, viewKeys } from '../../domain/interaction/view.ts';
import type { Connection } from './connect.ts';

/** Keys that make interactions visible besides the managers involved in them; see `domain/interaction/view.ts`. */
export class ViewerTable {
  readonly #db: Connection;
  readonly #isKnown: (line: string) => boolean;

  constructor(db: Connection, isKnown: (line: string) => boolean) {
    this.#db = db;
    this.#isKnown = isKnown;
  }

  /**
   * Removes keys that no longer apply after a change of an interaction. Returns what {@link saveSql} must insert: the
   * pool key, and the client whose responsible manager sees the interaction.
   */
  async follow(
    before: Interaction | null,
    after: Interaction,
  ): Promise<{ readonly pool: string | null; readonly client: string | null }> {
    const moved = before !== null && before.startedAt !== after.startedAt;
    const [had, has] = [before === null ? null : poolKey(before, this.#isKnown), poolKey(after, this.#isKnown)];
    const otherPool = moved || had !== has;
    const otherClient = moved || before?.client?.id !== after.client?.id;
    // Remove both pool keys: the line may not have been configured yet when the contact arrived.
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

  /**
   * Makes contacts of clients visible to their new responsible managers; null means no manager, or that the client is
   * removed. Must run before the clients are written.
   */
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

  /** Makes the contacts of a conversation visible to the manager it was handed over to. */
  async hand(contacts: readonly Interaction[], manager: string): Promise<void> {
    await this.#db.query(
      `INSERT INTO interaction_viewers (viewer, started_at, interaction)
       SELECT $1, s, i FROM unnest($2::text[], $3::text[]) AS c (s, i) ON CONFLICT DO NOTHING`,
      [viewKeys.handed(manager), contacts.map(({ startedAt }) => startedAt), contacts.map(({ id }) => id)],
    );
  }
}
