import { isUnknown } from '../../../domain/call/call-facts.ts';
import type { CallSnapshot } from '../../../domain/interaction/contact-event.ts';

/** Completes a call whose end was missed from the record, keeping what was seen live. */
export function closedByRecord(known: CallSnapshot, record: CallSnapshot): CallSnapshot {
  const { direction, transfers, key, aliases } = known;
  const startedAt = Math.min(known.startedAt, record.startedAt);
  const party = isUnknown(known.party) ? record.party : known.party;
  const dialled = known.dialled ?? record.dialled;
  const recordings = known.recordings.length > 0 ? known.recordings : record.recordings;
  return { ...record, key, aliases, party, dialled, direction, transfers, recordings, startedAt };
}
