import { keysOf, type View, viewKeys } from '../../domain/interaction/view.ts';
import type { Question } from './question.ts';

/** Keys of one table that are asked one by one, each in the order of its index; of more the answers are sorted instead. */
const mostBranches = 40;

/** Where an interaction `i` is seen by a view: it names one of the managers, or one of the view's keys is kept for it. */
export function seenBy(view: View): Question {
  const managers = within(view.managers);
  const keys = within(keysOf(view));
  return {
    sql: `(EXISTS (SELECT 1 FROM interaction_managers v WHERE v.manager IN ${managers.sql} AND v.started_at = i.started_at AND v.interaction = i.id)
      OR EXISTS (SELECT 1 FROM interaction_viewers v WHERE v.viewer IN ${keys.sql} AND v.started_at = i.started_at AND v.interaction = i.id))`,
    values: [...managers.values, ...keys.values],
  };
}

/** Where a client (a row of `clients`) is seen by a view: one of its managers is responsible, or it sees one of the client's contacts. */
export function clientSeenBy(view: View): Question {
  const responsible = within(view.managers);
  const contact = seenBy(view);
  return {
    sql: `(clients.responsible IN ${responsible.sql} OR EXISTS (SELECT 1 FROM interactions i WHERE i.client = clients.id AND ${contact.sql}))`,
    values: [...responsible.values, ...contact.values],
  };
}

/** The ids of all clients that a view sees: for listings that nothing else narrows. */
export function clientsSeenBy(view: View): Question {
  const responsible = within(view.managers);
  // Nobody in the pool is a client, and who is responsible for a client is known by the client.
  const branches = sources(view.managers, view.managers.map(viewKeys.handed)).map(({ table, column, among }) => ({
    sql: `SELECT i.client FROM ${table} v JOIN interactions i ON i.id = v.interaction WHERE v.${column} IN ${among.sql} AND i.client IS NOT NULL`,
    values: among.values,
  }));
  return {
    sql: [`SELECT id FROM clients WHERE responsible IN ${responsible.sql}`, ...branches.map(({ sql }) => sql)].join(
      ' UNION ',
    ),
    values: [...responsible.values, ...branches.flatMap(({ values }) => values)],
  };
}

/** An index that leads to interactions, by some of its keys. */
export interface ViewSource {
  readonly table: 'interaction_managers' | 'interaction_viewers';
  readonly column: 'manager' | 'viewer';
  readonly among: Question;
}

/** The indexes by which a view's interactions are found. */
export function sourcesOf(view: View): readonly ViewSource[] {
  return sources(view.managers, keysOf(view));
}

function sources(managers: readonly string[], keys: readonly string[]): readonly ViewSource[] {
  const of = (table: ViewSource['table'], column: ViewSource['column'], all: readonly string[]) => {
    const groups = all.length > mostBranches ? [all] : all.map((key) => [key]);
    return groups.map((group) => ({ table, column, among: within(group) }));
  };
  return [...of('interaction_managers', 'manager', managers), ...of('interaction_viewers', 'viewer', keys)];
}

function within(keys: readonly string[]): Question {
  // Nothing equals NULL: PostgreSQL knows no empty list.
  return { sql: keys.length === 0 ? '(NULL)' : `(${keys.map(() => '?').join()})`, values: keys };
}
