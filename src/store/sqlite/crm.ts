import type { Database } from 'better-sqlite3';
import type { CrmWrite } from '../shared/crm.ts';

/** Carries out what a CRM core writes down of its remote steps and secrets. */
export function writeCrm(db: Database, write: CrmWrite): void {
  if (write.op === 'vault') {
    const { owner, name, sealed } = write;
    if (sealed === null) db.prepare('DELETE FROM vault WHERE owner = ? AND name = ?').run(owner, name);
    else db.prepare('INSERT OR REPLACE INTO vault (owner, name, sealed) VALUES (?, ?, ?)').run(owner, name, sealed);
    return;
  }
  const { of, step, state, remote, at } = write;
  const key = [of.kind, of.subject, of.destination, step];
  if (state === null)
    db.prepare('DELETE FROM ledger WHERE kind = ? AND subject = ? AND destination = ? AND step = ?').run(...key);
  else
    db.prepare(
      'INSERT OR REPLACE INTO ledger (kind, subject, destination, step, state, remote, at) VALUES (?, ?, ?, ?, ?, ?, ?)',
    ).run(...key, state, remote, at);
}
