import { type Refusal, refuse } from '../../domain/ports/refusal.ts';
import { type QuarantineWrite, quarantineStatements } from '../shared/quarantine.ts';
import type { Connection } from './connect.ts';
import { numbered } from './numbered.ts';

/** Keeps, wakes or removes what is in quarantine; a refusal where there is no such entry, else null. */
export async function writeQuarantine(db: Connection, write: QuarantineWrite): Promise<Refusal | null> {
  let changed = 0;
  for (const { sql, values } of quarantineStatements(write))
    changed = (await db.query(numbered(sql), [...values])).rowCount ?? 0;
  const named = write.op !== 'quarantine' && write.id !== null;
  return named && changed === 0 ? refuse('not_found', 'there is no such entry in quarantine') : null;
}
