import { keysOf, type View, viewKeys } from '../../domain/interaction/view.ts';
import type { SqlQuery } from './sql-query.ts';

/** Up to this many keys are queried one by one, each in index order. With more keys the results are sorted instead. */
const maxBranches = 40;

/**
 * Condition: the view sees interaction `i`. It involves one of the view's managers, or is stored under one of its
 * keys.
 */
export function seenBy(view: View): SqlQuery {
  const managers = within(view.managers);
  const keys = within(keysOf(view));
  return {
    sql: `(EXISTS (SELECT 1 FROM interaction_managers v WHERE v.manager IN ${managers.sql} AND v.started_at = i.started_at AND v.interaction = i.id)
      OR EXISTS (SELECT 1 FROM interaction_viewers v WHERE v.viewer IN ${keys.sql} AND v.started_at = i.started_at AND v.interaction = i.id))`,
    values: [...managers.values, ...keys.values],
  };
}

/**
 * Condition: the view sees a row of `clients`. One of its managers is responsible, or the view sees one of the
 * client's contacts.
 */
export function clientSeenBy(view: View): SqlQuery {
  const responsible = within(view.managers);
  const contact = seenBy(view);
  return {
    sql: `(clients.responsible IN ${responsible.sql} OR EXISTS (SELECT 1 FROM interactions i WHERE i.client = clients.id AND ${contact.sql}))`,
    values: [...responsible.values, ...contact.values],
  };
}

/** The ids of all clients that a view sees, for listings without another filter. */
export function clientsSeenBy(view: View): SqlQuery {
  const responsible = within(view.managers);
  // Contacts in the pool have no client, and a client's responsible manager is in the row of the client.
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

/** An index of interactions, restricted to some of its keys. */
export interface ViewSource {
  readonly table: 'interaction_managers' | 'interaction_viewers';
  readonly column: 'manager' | 'viewer';
  readonly among: SqlQuery;
}

/** The indexes through which a view's interactions are found. */
export function sourcesOf(view: View): readonly ViewSource[] {
  return sources(view.managers, keysOf(view));
}

function sources(managers: readonly string[], keys: readonly string[]): readonly ViewSource[] {
  const of = (table: ViewSource['table'], column: ViewSource['column'], all: readonly string[]) => {
    const groups = all.length > maxBranches ? [all] : all.map((key) => [key]);
    return groups.map((group) => ({ table, column, among: within(group) }));
  };
  return [...of('interaction_managers', 'manager', managers), ...of('interaction_viewers', 'viewer', keys)];
}

function within(keys: readonly string[]): SqlQuery {
  // `IN ()` is invalid in PostgreSQL; nothing equals NULL.
  return { sql: keys.length === 0 ? '(NULL)' : `(${keys.map(() => '?').join()})`, values: keys };
}
