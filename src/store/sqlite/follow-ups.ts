import type { Database, Statement } from 'better-sqlite3';
import { type Lead, leadKey, parseTask, type Task } from '../../domain/follow-up/follow-up.ts';
import type { FollowUpTable } from '../../domain/ports/tables.ts';
import { leadRow, taskRow } from '../shared/follow-ups.ts';
import type { BodyRow } from '../shared/listings.ts';
import type { SqliteOwedTable } from './owed.ts';
import type { StoredFollowUp } from './writer-protocol.ts';

/** Leads and tasks. */
export class SqliteFollowUpTable implements FollowUpTable {
  readonly #openLead: Statement<[string], BodyRow>;
  readonly #lead: Statement<[string], BodyRow>;
  readonly #putLead: Statement;
  readonly #task: Statement<[string], BodyRow>;
  readonly #tasksOf: Statement<[string], BodyRow>;
  readonly #putTask: Statement;
  readonly #owed: SqliteOwedTable;
  #news: StoredFollowUp[] = [];

  constructor(db: Database, owed: SqliteOwedTable) {
    this.#owed = owed;
    this.#openLead = db.prepare("SELECT body FROM leads WHERE rkey = ? AND state IN ('open', 'taken')");
    this.#lead = db.prepare('SELECT body FROM leads WHERE id = ?');
    this.#putLead = db.prepare(
      `INSERT INTO leads (id, rkey, state, at, body) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET state = excluded.state, body = excluded.body`,
    );
    this.#task = db.prepare('SELECT body FROM tasks WHERE id = ?');
    this.#tasksOf = db.prepare("SELECT body FROM tasks INDEXED BY tasks_phone WHERE phone = ? AND state = 'open'");
    this.#putTask = db.prepare(
      `INSERT INTO tasks (id, manager, state, phone, at, body) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET manager = excluded.manager, state = excluded.state, body = excluded.body`,
    );
  }

  /** Returns the leads and tasks written since the last call. */
  takeChanged(): readonly StoredFollowUp[] {
    const news = this.#news;
    if (news.length > 0) this.#news = [];
    return news;
  }

  lead(id: string): Lead | null {
    return parsed<Lead>(this.#lead.get(id));
  }

  openLead(key: string): Lead | null {
    return parsed<Lead>(this.#openLead.get(key));
  }

  putLead(lead: Lead): void {
    const row = leadRow(lead, leadKey(lead) ?? '');
    this.#putLead.run(...row);
    this.#owed.owe('lead', lead.id, lead.revision, Date.parse(lead.updatedAt));
    this.#news.push({ kind: 'lead', lead, text: row[4] });
  }

  task(id: string): Task | null {
    const row = this.#task.get(id);
    return row === undefined ? null : parseTask(row.body);
  }

  openTasksOf(phone: string): readonly Task[] {
    return this.#tasksOf.all(phone).map(({ body }) => parseTask(body));
  }

  putTask(task: Task): void {
    const row = taskRow(task);
    this.#putTask.run(...row);
    this.#owed.owe('task', task.id, task.revision, Date.parse(task.doneAt ?? task.createdAt));
    this.#news.push({ kind: 'task', task, text: row[5] });
  }
}

function parsed<T>(row: BodyRow | undefined): T | null {
  return row === undefined ? null : (JSON.parse(row.body) as T);
}
