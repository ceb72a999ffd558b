import type { InteractionId } from '../../domain/base/ids.ts';
import type { Outbound } from '../../domain/outbound/outbound.ts';
import { problemOf } from '../../domain/outbound/problem.ts';
import { notSent } from '../../domain/outbound/sending.ts';
import { type Outcome, type Refusal, refuse } from '../../domain/ports/refusal.ts';
import type { Write } from '../../domain/ports/writes.ts';
import { reason } from '../../domain/reasons/reasons.ts';
import { save } from './save.ts';
import type { Work } from './work.ts';

/** Takes a letter or message back that has not begun to leave. Its connector and this step exclude each other by the row's state. */
export async function takeBack(
  { tables }: Work,
  { id, by, at }: Extract<Write, { op: 'take-back' }>,
): Promise<Outcome> {
  const row = await tables.outbound.get(id);
  const before = await tables.interactions.get(id);
  const refused = begun(id, row);
  if (refused !== null) return refused;
  await tables.outbound.set(id, { state: 'failed', attempts: 0, nextAt: at });
  if (before === null) return [];
  const after = {
    ...before,
    state: 'failed' as const,
    ...problemOf(reason('takenBack')),
    sendAt: null,
    revision: before.revision + 1,
  };
  return [await save(tables, before, after, { at, by: by.id, what: 'taken back' })];
}

/** Lets a postponed letter or message leave at once. */
export async function sendNow(
  { tables }: Work,
  { id, expiresAt, at }: Extract<Write, { op: 'send-now' }>,
): Promise<Outcome> {
  const row = await tables.outbound.get(id);
  const before = await tables.interactions.get(id);
  const refused = begun(id, row);
  if (refused !== null) return refused;
  await tables.outbound.set(id, { state: 'due', attempts: 0, nextAt: at });
  await tables.outbound.setExpiry(id, expiresAt);
  if (before === null || before.sendAt === null) return [];
  return [
    await save(tables, before, { ...before, sendAt: null, revision: before.revision + 1 }, { at, what: 'sent now' }),
  ];
}

/** The refusal if anything tried to send it, or if it is no letter or message; null if it still waits for its time. */
function begun(id: InteractionId, row: Outbound | null): Refusal | null {
  if (row?.state !== 'due' || row.channel === 'command' || row.channel === 'call') return notSent(id, row, 'due');
  return row.attempts === 0 ? null : refuse('conflict', `${id} has begun to leave and can not be taken back`);
}
