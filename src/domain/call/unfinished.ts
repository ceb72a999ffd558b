import type { CallSnapshot } from '../interaction/contact-event.ts';
import type { Interaction } from '../interaction/interaction.ts';

/**
 * What becomes of a call's row among the unfinished ones, which a restarted connector begins with: `keep` it while the call
 * lives or a recording of it is not found yet, `drop` it afterwards. The PBX's record knows no recordings: what it tells of
 * a call that had ended leaves the row as it is.
 */
export function unfinished(call: CallSnapshot, known: Interaction | undefined): 'keep' | 'drop' | 'leave' {
  if (call.endedAt === null || call.recordings.some((recording) => recording.state === 'pending')) return 'keep';
  if (known === undefined) return 'leave';
  return call.basis === 'record' && call.recordings.length === 0 && known.endedAt !== null ? 'leave' : 'drop';
}
