import { holdMemory, isHeldAgainst, type NumberHold } from '../../domain/call/number-hold.ts';
import type { Attribution } from '../../domain/interaction/interaction.ts';
import { type Refusal, refuse } from '../../domain/ports/refusal.ts';
import { type HoldRow, holdOf } from '../shared/number-holds.ts';
import type { Connection } from './connect.ts';

/** Gives a visit a number, or lets it keep the one it has; refused while another visit has it. */
export async function holdNumber(db: Connection, hold: NumberHold): Promise<Refusal | null> {
  // The latest of all: two that ask at once may come in another order than their clocks say.
  const held = await latest(db, hold.number, Number.MAX_SAFE_INTEGER);
  if (isHeldAgainst(held, hold)) return refuse('conflict', 'another visit is shown this number');
  const from = held !== null && held.until >= hold.from ? held.from : hold.from;
  await db.query('DELETE FROM number_holds WHERE until_at < $1', [hold.from - holdMemory]);
  await db.query(
    `INSERT INTO number_holds (number, from_at, until_at, visit, marks) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (number, from_at) DO UPDATE SET until_at = excluded.until_at, marks = excluded.marks`,
    [hold.number, from, hold.until, hold.visit, JSON.stringify(hold.marks)],
  );
  return null;
}

/** Marks of the visit that was shown a number at a moment, or null. */
export async function marksAt(db: Connection, number: string, at: number): Promise<Attribution | null> {
  const held = await latest(db, number, at);
  return held === null || held.until < at ? null : held.marks;
}

async function latest(db: Connection, number: string, at: number): Promise<NumberHold | null> {
  const { rows } = await db.query<HoldRow>(
    'SELECT * FROM number_holds WHERE number = $1 AND from_at <= $2 ORDER BY from_at DESC LIMIT 1',
    [number, at],
  );
  return rows[0] === undefined ? null : holdOf(rows[0]);
}
