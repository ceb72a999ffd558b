import { withErased } from '../../domain/call/recording-retention.ts';
import type { RecordingsWrite } from '../../domain/ports/operation-writes.ts';
import { type Outcome, refuse } from '../../domain/ports/refusal.ts';
import { save } from './save.ts';
import type { Work } from './work.ts';

/** Erases the sound of recordings. Files on the PBX are not ours to delete; they are only no longer reachable here. */
export async function eraseRecordings(
  { tables }: Work,
  { interaction: id, recordings, days, at }: RecordingsWrite,
): Promise<Outcome> {
  for (const recording of recordings) await tables.calls.eraseRecording(recording);
  const call = await tables.interactions.get(id);
  if (call === null) return refuse('not_found', `no interaction ${id}`);
  const next = withErased(call, new Set(recordings), days);
  return next === null ? [] : [await save(tables, call, next, { at, what: 'recording erased' })];
}
