import type { CrmWrite } from '../shared/crm.ts';
import type { Connection } from './connect.ts';

/** The tables of what CRM cores keep, and what each destination wants. */
export const crmMigration = {
  version: 17,
  name: 'what CRM cores keep',
  phase: 'expand',
  sql: `
    ALTER TABLE destinations ADD COLUMN wants text NOT NULL DEFAULT 'interaction';
    CREATE TABLE ledger (kind text NOT NULL, subject text COLLATE "C" NOT NULL, destination text NOT NULL, step text NOT NULL, state text NOT NULL,
      remote text, at bigint NOT NULL, PRIMARY KEY (kind, subject, destination, step));
    CREATE TABLE vault (owner text NOT NULL, name text NOT NULL, sealed text NOT NULL, PRIMARY KEY (owner, name));
  `,
} as const;

/** Carries out what a CRM core writes down of its remote steps and secrets. */
export async function writeCrm(db: Connection, write: CrmWrite): Promise<void> {
  if (write.op === 'vault') {
    const { owner, name, sealed } = write;
    if (sealed === null) await db.query('DELETE FROM vault WHERE owner = $1 AND name = $2', [owner, name]);
    else
      await db.query(
        `INSERT INTO vault (owner, name, sealed) VALUES ($1, $2, $3)
         ON CONFLICT (owner, name) DO UPDATE SET sealed = excluded.sealed`,
        [owner, name, sealed],
      );
    return;
  }
  const { of, step, state, remote, at } = write;
  const key = [of.kind, of.subject, of.destination, step];
  if (state === null)
    await db.query('DELETE FROM ledger WHERE kind = $1 AND subject = $2 AND destination = $3 AND step = $4', key);
  else
    await db.query(
      `INSERT INTO ledger (kind, subject, destination, step, state, remote, at) VALUES ($1, $2, $3, $4, $5, $6, $7)
       ON CONFLICT (kind, subject, destination, step)
       DO UPDATE SET state = excluded.state, remote = excluded.remote, at = excluded.at`,
      [...key, state, remote, at],
    );
}
