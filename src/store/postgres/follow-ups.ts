import { newInteractionId } from '../../domain/base/ids.ts';
import {
  bringsLead,
  doneTask,
  endsLead,
  type FollowUp,
  type Lead,
  leadAfter,
  leadKey,
  qualifiedBy,
  type Task,
  talkedNow,
  taskNews,
  taskOf,
} from '../../domain/follow-up/follow-up.ts';
import type { Interaction } from '../../domain/interaction/interaction.ts';
import { leadRow, taskRow } from '../shared/follow-ups.ts';
import type { BodyRow } from '../shared/listings.ts';
import type { Connection } from './connect.ts';
import { oweSql } from './owed.ts';

const oweLead = oweSql('lead', { subject: '$1', revision: '$7::int', at: '$8::bigint' });
const oweTask = oweSql('task', { subject: '$1', revision: '$8::int', at: '$9::bigint' });

/** Leads and tasks; the steps are those of SQLite's FollowUpTable. */
export class FollowUpTable {
  readonly #db: Connection;
  readonly #instance: string;
  #news: FollowUp[] = [];

  constructor(db: Connection, instance: string) {
    this.#db = db;
    this.#instance = instance;
  }

  /** What the writes since the last call made of leads and tasks. */
  taken(): readonly FollowUp[] {
    const news = this.#news;
    if (news.length > 0) this.#news = [];
    return news;
  }

  /** Looks what a change of an interaction means for leads and tasks. */
  async follow(before: Interaction | null, after: Interaction, now: number): Promise<void> {
    if (bringsLead(before, after, now)) {
      await this.putLead(leadAfter(await this.#open(after), after, newInteractionId(now), now));
    } else if (endsLead(before, after)) await this.#end(after, now);
    const news = taskNews(before, after, now);
    if (news === 'done') await this.#done(await this.task(after.id), now);
    else if (news !== null && (await this.task(after.id)) === null) await this.putTask(taskOf(after, news, now));
    if (talkedNow(before, after) && after.party.phone !== null) {
      const open = await this.#db.query<BodyRow>({
        name: 'tasks-of-phone',
        text: "SELECT body FROM tasks WHERE phone = $1 AND state = 'open'",
        values: [after.party.phone],
      });
      for (const row of open.rows) await this.#done(JSON.parse(row.body) as Task, now);
    }
  }

  lead(id: string): Promise<Lead | null> {
    return this.#one<Lead>('lead', 'SELECT body FROM leads WHERE id = $1', id);
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

  task(id: string): Promise<Task | null> {
    return this.#one<Task>('task', 'SELECT body FROM tasks WHERE id = $1', id);
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

  #open(contact: Interaction): Promise<Lead | null> {
    return this.#one<Lead>(
      'open-lead',
      "SELECT body FROM leads WHERE rkey = $1 AND state IN ('open', 'taken')",
      leadKey(contact) ?? '',
    );
  }

  async #one<T>(name: string, text: string, value: string): Promise<T | null> {
    const { rows } = await this.#db.query<BodyRow>({ name, text, values: [value] });
    return rows[0] === undefined ? null : (JSON.parse(rows[0].body) as T);
  }

  /** Somebody told who the party is, or the CRM brought the client: the lead is no lead any more. */
  async #end(contact: Interaction, now: number): Promise<void> {
    const open = leadKey(contact) === null ? null : await this.#open(contact);
    if (open !== null && contact.client !== null) await this.putLead(qualifiedBy(open, contact.client, now));
  }

  async #done(task: Task | null, now: number): Promise<void> {
    if (task !== null && task.state === 'open') await this.putTask(doneTask(task, null, now));
  }
}
