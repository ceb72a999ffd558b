import type { Lead, Task } from '../../domain/follow-up/follow-up.ts';
import type { Page } from '../../domain/ports/queries.ts';
import type { BodyRow } from './listings.ts';
import { pageOf, readCursor } from './paging.ts';
import type { SqlQuery } from './sql-query.ts';

/** The column values of a lead: id, key, state, at, body. */
export function leadRow(lead: Lead, key: string): readonly [string, string, string, string, string] {
  return [lead.id, key, lead.state, lead.createdAt, JSON.stringify(lead)];
}

/** The column values of a task: id, manager, state, phone, at, body. */
export function taskRow(task: Task): readonly [string, string | null, string, string | null, string, string] {
  return [
    task.id,
    task.manager?.id ?? null,
    task.state,
    task.party?.phone ?? null,
    task.createdAt,
    JSON.stringify(task),
  ];
}

interface Listing {
  readonly limit: number;
  readonly cursor: string | null;
  readonly state?: string;
  readonly manager?: string;
}

const statesOf = { leads: ['open', 'taken', 'qualified', 'rejected'], tasks: ['open', 'done'] } as const;

/**
 * Selects leads or tasks, newest first. Each state has its own index in this order, so a query without a state merges
 * the first rows of each state.
 */
export function selectFollowUps(table: 'leads' | 'tasks', query: Listing): SqlQuery {
  const states = query.state === undefined ? statesOf[table] : [query.state];
  const branches = states.map((state) => selectByState(table, { ...query, state }));
  const all = branches.map(({ sql }, n) => `SELECT * FROM (${sql}) b${n}`).join(' UNION ALL ');
  return {
    sql: `SELECT body FROM (${all}) a ORDER BY at DESC, id DESC LIMIT ?`,
    values: [...branches.flatMap(({ values }) => values), query.limit + 1],
  };
}

function selectByState(table: 'leads' | 'tasks', { state, manager, cursor, limit }: Listing): SqlQuery {
  const conditions = ['state = ?'];
  const values: unknown[] = [state];
  if (manager !== undefined) {
    conditions.push('manager = ?');
    values.push(manager);
  }
  const after = readCursor(cursor);
  if (after !== null) {
    conditions.push('(at, id) < (?, ?)');
    values.push(...after);
  }
  const sql = `SELECT body, at, id FROM ${table} WHERE ${conditions.join(' AND ')} ORDER BY at DESC, id DESC LIMIT ?`;
  return { sql, values: [...values, limit + 1] };
}

/** Turns the rows of {@link selectFollowUps} into a page. */
export function followUpPage<T extends Lead | Task>(
  query: Listing,
  read: (body: string) => T,
  rows: readonly BodyRow[],
): Page<T> {
  const items = rows.map((row) => read(row.body));
  return pageOf(items, query.limit, placeOfFollowUp);
}

/** The cursor after this lead or task. */
export function placeOfFollowUp(last: Lead | Task): readonly string[] {
  return [last.createdAt, last.id];
}
