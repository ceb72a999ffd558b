import { withErased } from '../../domain/call/recording-retention.ts';
import { recordingId } from '../../domain/call/reduce-call.ts';
import { withTranscript } from '../../domain/call/transcript.ts';
import type { CallTranscript } from '../../domain/interaction/contact-event.ts';
import type { RecordingsWrite } from '../../domain/ports/operation-writes.ts';
import { type Outcome, refuse } from '../../domain/ports/refusal.ts';
import type { Change } from '../../domain/ports/writes.ts';
import { findByKeys } from './keys.ts';
import { save } from './save.ts';
import type { Work } from './work.ts';

type RecordingsWriteOf<Op extends RecordingsWrite['op']> = Extract<RecordingsWrite, { readonly op: Op }>;

/** Erases the sound and the transcripts of recordings. Files on the PBX are not ours to delete; they are only no longer reachable here. */
export async function eraseRecordings(
  { tables }: Work,
  { interaction: id, recordings, days, at }: RecordingsWriteOf<'erase-recordings'>,
): Promise<Outcome> {
  for (const recording of recordings) {
    await tables.calls.eraseRecording(recording);
    await tables.transcripts.remove(recording);
  }
  const call = await tables.interactions.get(id);
  if (call === null) return refuse('not_found', `no interaction ${id}`);
  const next = withErased(call, new Set(recordings), days);
  return next === null ? [] : [await save(tables, call, next, { at, what: 'recording erased' })];
}

/** Stores what was said in a recording. The same transcript again changes nothing. */
export async function putTranscript(
  { tables, settings }: Work,
  { interaction: id, recording, transcript, by, at }: RecordingsWriteOf<'put-transcript'>,
): Promise<Outcome> {
  const call = await tables.interactions.get(id);
  const state = call?.recordings.find((one) => one.id === recording)?.state;
  if (call === null || state === undefined) return refuse('not_found', 'no such recording');
  if (state === 'erased') return refuse('conflict', 'the recording was erased, so its transcript is not kept either');
  const next = withTranscript(call, recording, transcript, settings.publicUrl);
  if (next === null) return [];
  await tables.transcripts.put(recording, id, transcript);
  return [await save(tables, call, next, { at, by, what: 'transcript' })];
}

/** Stores a transcript that a connector has found. One of a call or recording that is gone is dropped. */
export async function takeTranscript(
  work: Work,
  { key, file, transcript }: CallTranscript,
): Promise<readonly Change[]> {
  const call = await findByKeys(work.tables, [key]);
  if (call === null) return [];
  const { id } = call;
  const write = { op: 'put-transcript', interaction: id, recording: recordingId(id, file), transcript } as const;
  const outcome = await putTranscript(work, { ...write, by: 'auto', at: work.now });
  return 'ok' in outcome ? [] : outcome;
}
