import type { CallSnapshot } from '../interaction/contact-event.ts';
import type { Interaction } from '../interaction/interaction.ts';

/**
 * Whether a call stays among the unfinished ones, with which a restarted connector begins: `keep` it while the call is live or a
 * recording is missing, `drop` it afterwards. The PBX's record has no recordings, so it does not change the row of a call that ended.
 */
export function unfinished(call: CallSnapshot, known: Interaction | undefined): 'keep' | 'drop' | 'leave' {
  if (call.endedAt === null || call.recordings.some((recording) => recording.state === 'pending')) return 'keep';
  if (known === undefined) return 'leave';
  return call.basis === 'record' && call.recordings.length === 0 && known.endedAt !== null ? 'leave' : 'drop';
}
