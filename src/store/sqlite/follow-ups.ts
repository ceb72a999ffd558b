import type { Database, Statement } from 'better-sqlite3';
import { newInteractionId } from '../../domain/base/ids.ts';
import {
  bringsLead,
  doneTask,
  endsLead,
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
import type { OwedTable } from './owed.ts';
import type { StoredFollowUp } from './writer-protocol.ts';

/** Leads and tasks: what each change of an interaction makes of them, in its own transaction. */
export class FollowUpTable {
  readonly #leadOf: Statement<[string], BodyRow>;
  readonly #lead: Statement<[string], BodyRow>;
  readonly #putLead: Statement;
  readonly #task: Statement<[string], BodyRow>;
  readonly #tasksOf: Statement<[string], BodyRow>;
  readonly #putTask: Statement;
  readonly #owed: OwedTable;
  #news: StoredFollowUp[] = [];

  constructor(db: Database, owed: OwedTable) {
    this.#owed = owed;
    this.#leadOf = db.prepare("SELECT body FROM leads WHERE rkey = ? AND state IN ('open', 'taken')");
    this.#lead = db.prepare('SELECT body FROM leads WHERE id = ?');
    this.#putLead = db.prepare(
      `INSERT INTO leads (id, rkey, state, at, body) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET state = excluded.state, body = excluded.body`,
    );
    this.#task = db.prepare('SELECT body FROM tasks WHERE id = ?');
    this.#tasksOf = db.prepare("SELECT body FROM tasks WHERE phone = ? AND state = 'open'");
    this.#putTask = db.prepare(
      `INSERT INTO tasks (id, manager, state, phone, at, body) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET manager = excluded.manager, state = excluded.state, body = excluded.body`,
    );
  }

  /** What the writes since the last call made of leads and tasks. */
  taken(): readonly StoredFollowUp[] {
    const news = this.#news;
    if (news.length > 0) this.#news = [];
    return news;
  }

  /** Looks what a change of an interaction means for leads and tasks. */
  follow(before: Interaction | null, after: Interaction, now: number): void {
    if (bringsLead(before, after, now)) this.putLead(leadAfter(this.#open(after), after, newInteractionId(now), now));
    else if (endsLead(before, after)) this.#end(after, now);
    const news = taskNews(before, after, now);
    if (news === 'done') this.#done(this.task(after.id), now);
    else if (news !== null && this.task(after.id) === null) this.putTask(taskOf(after, news, now));
    if (talkedNow(before, after) && after.party.phone !== null) {
      for (const row of this.#tasksOf.all(after.party.phone)) this.#done(JSON.parse(row.body) as Task, now);
    }
  }

  lead(id: string): Lead | null {
    const row = this.#lead.get(id);
    return row === undefined ? null : (JSON.parse(row.body) as Lead);
  }

  putLead(lead: Lead): void {
    const row = leadRow(lead, leadKey(lead) ?? '');
    this.#putLead.run(...row);
    this.#owed.owe('lead', lead.id, lead.revision, Date.parse(lead.updatedAt));
    this.#news.push({ kind: 'lead', lead, text: row[4] });
  }

  task(id: string): Task | null {
    const row = this.#task.get(id);
    return row === undefined ? null : (JSON.parse(row.body) as Task);
  }

  putTask(task: Task): void {
    const row = taskRow(task);
    this.#putTask.run(...row);
    this.#owed.owe('task', task.id, task.revision, Date.parse(task.doneAt ?? task.createdAt));
    this.#news.push({ kind: 'task', task, text: row[5] });
  }

  #open(contact: Interaction): Lead | null {
    const row = this.#leadOf.get(leadKey(contact) ?? '');
    return row === undefined ? null : (JSON.parse(row.body) as Lead);
  }

  /** Somebody told who the party is, or the CRM brought the client: the lead is no lead any more. */
  #end(contact: Interaction, now: number): void {
    const open = leadKey(contact) === null ? null : this.#open(contact);
    if (open !== null && contact.client !== null) this.putLead(qualifiedBy(open, contact.client, now));
  }

  #done(task: Task | null, now: number): void {
    if (task !== null && task.state === 'open') this.putTask(doneTask(task, null, now));
  }
}
