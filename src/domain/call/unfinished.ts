import type { CallSnapshot } from '../interaction/contact-event.ts';
import type { Interaction } from '../interaction/interaction.ts';
import { recordingId } from './reduce-call.ts';

/**
 * What to do with the snapshot that a restarted connector would resume from: `keep` it while the call is live or a recording is
 * pending, `drop` it afterwards. `known` and `next` are the interaction before and after it. A record without recordings of its
 * own leaves the row of an ended call alone, in which those seen live may be pending.
 */
export function unfinished(
  call: CallSnapshot,
  known: Interaction | null,
  next: Interaction | null,
): 'keep' | 'drop' | 'leave' {
  if (call.endedAt === null) return 'keep';
  if (call.basis === 'live') {
    if (call.recordings.some((recording) => recording.state === 'pending')) return 'keep';
    return known === null ? 'leave' : 'drop';
  }
  const { id, recordings = [] } = next ?? known ?? {};
  const files = new Set(id === undefined ? [] : call.recordings.map(({ file }) => recordingId(id, file)));
  const own = recordings.filter((recording) => files.has(recording.id));
  if (own.some((recording) => recording.state === 'pending')) return 'keep';
  if (known === null) return 'leave';
  return own.length === 0 && known.endedAt !== null ? 'leave' : 'drop';
}
