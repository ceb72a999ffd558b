import type { CallSnapshot } from '../interaction/contact-event.ts';
import type { Interaction } from '../interaction/interaction.ts';

/**
 * What to do with the snapshot that a restarted connector would resume from: `keep` it while the call is live or a recording is
 * pending, `drop` it afterwards. The PBX's record has no recordings, so it leaves the row of an ended call alone.
 */
export function unfinished(call: CallSnapshot, known: Interaction | undefined): 'keep' | 'drop' | 'leave' {
  if (call.endedAt === null || call.recordings.some((recording) => recording.state === 'pending')) return 'keep';
  if (known === undefined) return 'leave';
  return call.basis === 'record' && call.recordings.length === 0 && known.endedAt !== null ? 'leave' : 'drop';
}
