import { type FollowUp, type Lead, leadKey, parseTask, type Task } from '../../domain/follow-up/follow-up.ts';
import type { FollowUpTable } from '../../domain/ports/tables.ts';
import { leadRow, taskRow } from '../shared/follow-ups.ts';
import type { BodyRow } from '../shared/listings.ts';
import type { Connection } from './connect.ts';
import { oweSql } from './owed.ts';

const oweLead = oweSql('lead', { subject: '$1', revision: '$7::int', at: '$8::bigint' });
const oweTask = oweSql('task', { subject: '$1', revision: '$8::int', at: '$9::bigint' });

/** Leads and tasks. */
export class PostgresFollowUpTable implements FollowUpTable {
  readonly #db: Connection;
  readonly #instance: string;
  #news: FollowUp[] = [];

  constructor(db: Connection, instance: string) {
    this.#db = db;
    this.#instance = instance;
  }

  /** Returns the leads and tasks written since the last call. */
  takeChanged(): readonly FollowUp[] {
    const news = this.#news;
    if (news.length > 0) this.#news = [];
    return news;
  }

  async lead(id: string): Promise<Lead | null> {
    return (await this.#all<Lead>('lead', 'SELECT body FROM leads WHERE id = $1', id))[0] ?? null;
  }

  async openLead(key: string): Promise<Lead | null> {
    const text = "SELECT body FROM leads WHERE rkey = $1 AND state IN ('open', 'taken')";
    return (await this.#all<Lead>('open-lead', text, key))[0] ?? null;
  }

  async putLead(lead: Lead): Promise<void> {
    await this.#db.query({
      name: 'put-lead',
      text: `WITH due AS (${oweLead}) INSERT INTO leads (id, rkey, state, at, body, instance) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (id) DO UPDATE SET state = excluded.state, body = excluded.body, instance = excluded.instance, seq = excluded.seq`,
      values: [...leadRow(lead, leadKey(lead) ?? ''), this.#instance, lead.revision, Date.parse(lead.updatedAt)],
    });
    this.#news.push({ kind: 'lead', lead });
  }

  async task(id: string): Promise<Task | null> {
    return (await this.#all('task', 'SELECT body FROM tasks WHERE id = $1', id, parseTask))[0] ?? null;
  }

  openTasksOf(phone: string): Promise<readonly Task[]> {
    const text = "SELECT body FROM tasks WHERE phone = $1 AND state = 'open'";
    return this.#all('tasks-of-phone', text, phone, parseTask);
  }

  async putTask(task: Task): Promise<void> {
    await this.#db.query({
      name: 'put-task',
      text: `WITH due AS (${oweTask}) INSERT INTO tasks (id, manager, state, phone, at, body, instance) VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (id) DO UPDATE SET manager = excluded.manager, state = excluded.state, body = excluded.body,
          instance = excluded.instance, seq = excluded.seq`,
      values: [...taskRow(task), this.#instance, task.revision, Date.parse(task.doneAt ?? task.createdAt)],
    });
    this.#news.push({ kind: 'task', task });
  }

  async #all<T>(
    name: string,
    text: string,
    value: string,
    read: (body: string) => T = JSON.parse,
  ): Promise<readonly T[]> {
    const { rows } = await this.#db.query<BodyRow>({ name, text, values: [value] });
    return rows.map(({ body }) => read(body));
  }
}
