import type { CallState, Direction, Interaction } from '../interaction/interaction.ts';
import type { Recording } from '../interaction/recording.ts';
import { reason } from '../reasons/reasons.ts';
import { recordingProblem } from './recording-problem.ts';
import { erasedTranscript } from './transcript.ts';

/** How long some recordings are kept. A condition that is absent holds for all. */
export interface RecordingRule {
  readonly days: number;
  readonly kinds?: readonly Recording['kind'][];
  /** Ids of lines. */
  readonly lines?: readonly string[];
  readonly states?: readonly CallState[];
  readonly directions?: readonly Direction[];
}

/** Days for which a recording is kept, by the first rule that applies. Null: as long as its call. */
export function daysKept(rules: readonly RecordingRule[], call: Interaction, recording: Recording): number | null {
  const rule = rules.find(
    ({ kinds, lines, states, directions }) =>
      (kinds === undefined || kinds.includes(recording.kind)) &&
      (lines === undefined || (call.line !== null && lines.includes(call.line.id))) &&
      (states === undefined || states.some((state) => state === call.state)) &&
      (directions === undefined || directions.includes(call.direction)),
  );
  return rule?.days ?? null;
}

/** The call without the sound and the transcripts of some recordings, as of the next revision. Null if nothing changes. */
export function withErased(call: Interaction, ids: ReadonlySet<string>, days: number): Interaction | null {
  const isErased = (one: Recording) => ids.has(one.id) && one.state !== 'erased';
  if (!call.recordings.some(isErased)) return null;
  const erased = { state: 'erased', url: null, ...recordingProblem(reason('recordingExpired', { days })) } as const;
  const recordings = call.recordings.map((one) =>
    isErased(one) ? { ...one, ...erased, transcript: erasedTranscript(one.transcript) } : one,
  );
  return { ...call, recordings, revision: call.revision + 1 };
}
