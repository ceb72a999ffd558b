import type { Database } from 'better-sqlite3';
import { type Refusal, refuse } from '../../domain/ports/refusal.ts';
import { type QuarantineWrite, quarantineStatements } from '../shared/quarantine.ts';

/** Keeps, wakes or removes what is in quarantine; a refusal where there is no such entry, else null. */
export function writeQuarantine(db: Database, write: QuarantineWrite): Refusal | null {
  let changed = 0;
  for (const { sql, values } of quarantineStatements(write)) changed = db.prepare(sql).run(...values).changes;
  const named = write.op !== 'quarantine' && write.id !== null;
  return named && changed === 0 ? refuse('not_found', 'there is no such entry in quarantine') : null;
}
