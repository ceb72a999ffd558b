import type { Database, Statement } from 'better-sqlite3';
import type { ClientId } from '../../domain/base/ids.ts';
import type { Interaction } from '../../domain/interaction/interaction.ts';
import { poolKey, viewKeys } from '../../domain/interaction/view.ts';

/** Keys that make interactions visible besides the managers involved in them; see `domain/interaction/view.ts`. */
export class ViewerTable {
  readonly #put: Statement;
  readonly #drop: Statement;
  readonly #putResponsible: Statement;
  readonly #dropResponsible: Statement;
  readonly #responsible: Statement<[string], { responsible: string | null }>;
  readonly #putOfClient: Statement;
  readonly #dropOfClient: Statement;
  readonly #isKnown: (line: string) => boolean;

  constructor(db: Database, isKnown: (line: string) => boolean) {
    this.#isKnown = isKnown;
    const ofResponsible = "'responsible:' || responsible";
    this.#put = db.prepare(
      'INSERT OR IGNORE INTO interaction_viewers (viewer, started_at, interaction) VALUES (?, ?, ?)',
    );
    this.#drop = db.prepare('DELETE FROM interaction_viewers WHERE viewer = ? AND started_at = ? AND interaction = ?');
    this.#putResponsible = db.prepare(`INSERT OR IGNORE INTO interaction_viewers (viewer, started_at, interaction)
      SELECT ${ofResponsible}, ?, ? FROM clients WHERE id = ? AND responsible IS NOT NULL`);
    this.#dropResponsible = db.prepare(`DELETE FROM interaction_viewers
      WHERE viewer = (SELECT ${ofResponsible} FROM clients WHERE id = ?) AND started_at = ? AND interaction = ?`);
    this.#responsible = db.prepare('SELECT responsible FROM clients WHERE id = ?');
    this.#putOfClient = db.prepare(`INSERT OR IGNORE INTO interaction_viewers (viewer, started_at, interaction)
      SELECT ?, started_at, id FROM interactions WHERE client = ?`);
    this.#dropOfClient = db.prepare(`DELETE FROM interaction_viewers WHERE (viewer, started_at, interaction) IN
      (SELECT ?, started_at, id FROM interactions WHERE client = ?)`);
  }

  /** Updates the keys after a change of an interaction. */
  follow(before: Interaction | null, after: Interaction): void {
    const moved = before !== null && before.startedAt !== after.startedAt;
    const [had, has] = [before === null ? null : poolKey(before, this.#isKnown), poolKey(after, this.#isKnown)];
    if (before !== null && had !== null && (moved || had !== has)) this.#dropPool(before);
    if (has !== null && (moved || had !== has)) this.#put.run(has, after.startedAt, after.id);
    if (!moved && before?.client?.id === after.client?.id) return;
    if (before?.client != null) this.#dropResponsible.run(before.client.id, before.startedAt, before.id);
    if (after.client !== null) this.#putResponsible.run(after.startedAt, after.id, after.client.id);
  }

  /** Removes both pool keys: the line may not have been configured yet when the contact arrived. */
  #dropPool({ startedAt, id, line }: Interaction): void {
    for (const one of new Set(['', line?.id ?? ''])) this.#drop.run(viewKeys.pool(one), startedAt, id);
  }

  /** Makes a client's contacts visible to its new responsible manager. Null: no manager, or the client was removed. */
  reassign(client: ClientId, responsible: string | null): void {
    const before = this.#responsible.get(client)?.responsible ?? null;
    if (before === responsible) return;
    if (before !== null) this.#dropOfClient.run(viewKeys.responsible(before), client);
    if (responsible !== null) this.#putOfClient.run(viewKeys.responsible(responsible), client);
  }

  /** Makes the contacts of a conversation visible to the manager it was handed over to. */
  hand(contacts: readonly Interaction[], manager: string): void {
    for (const { startedAt, id } of contacts) this.#put.run(viewKeys.handed(manager), startedAt, id);
  }

  /** Removes the keys of an interaction that is deleted. */
  forget(interaction: Interaction): void {
    const { startedAt, id, client } = interaction;
    if (poolKey(interaction, this.#isKnown) !== null) this.#dropPool(interaction);
    if (client !== null) this.#dropResponsible.run(client.id, startedAt, id);
    for (const { to } of interaction.handovers ?? []) this.#drop.run(viewKeys.handed(to.id), startedAt, id);
  }
}
