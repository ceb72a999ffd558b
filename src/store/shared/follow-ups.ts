import type { Lead, Task } from '../../domain/follow-up/follow-up.ts';
import type { Page } from '../../domain/ports/queries.ts';
import type { BodyRow } from './listings.ts';
import { pageOf, readCursor } from './paging.ts';
import type { Question } from './question.ts';

/** The columns of a lead's row: id, key, state, at, body. */
export function leadRow(lead: Lead, key: string): readonly [string, string, string, string, string] {
  return [lead.id, key, lead.state, lead.createdAt, JSON.stringify(lead)];
}

/** The columns of a task's row: id, manager, state, phone, at, body. */
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

/** Newest first. Both stores speak it. */
export function askFollowUps(table: 'leads' | 'tasks', query: Listing): Question {
  const conditions: string[] = [];
  const values: unknown[] = [];
  for (const key of ['state', 'manager'] as const) {
    if (query[key] === undefined) continue;
    conditions.push(`${key} = ?`);
    values.push(query[key]);
  }
  const after = readCursor(query.cursor);
  if (after !== null) {
    conditions.push('(at, id) < (?, ?)');
    values.push(...after);
  }
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  return {
    sql: `SELECT body FROM ${table} ${where} ORDER BY at DESC, id DESC LIMIT ?`,
    values: [...values, query.limit + 1],
  };
}

/** What {@link askFollowUps} found, as a page. */
export function followUpPage<T extends Lead | Task>(query: Listing, rows: readonly BodyRow[]): Page<T> {
  const items = rows.map((row) => JSON.parse(row.body) as T);
  return pageOf(items, query.limit, placeOfFollowUp);
}

/** Where the page after this lead or task begins. */
export function placeOfFollowUp(last: Lead | Task): readonly string[] {
  return [last.createdAt, last.id];
}
