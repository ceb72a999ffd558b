import { isUnknown } from '../../../domain/call/call-facts.ts';
import type { CallSnapshot } from '../../../domain/interaction/contact-event.ts';

/** Completes a call whose end was missed from the record, keeping what was seen live and the record may not have. */
export function closedByRecord(known: CallSnapshot, record: CallSnapshot): CallSnapshot {
  const { direction, key } = known;
  const aliases = [...new Set([...known.aliases, record.key, ...record.aliases])].filter((one) => one !== key);
  const startedAt = Math.min(known.startedAt, record.startedAt);
  const party = isUnknown(known.party) ? record.party : known.party;
  const dialled = known.dialled ?? record.dialled;
  // A record without channel events has no transfers.
  const transfers = record.transfers.length > 0 ? record.transfers : known.transfers;
  const recordings = known.recordings.length > 0 ? known.recordings : record.recordings;
  return { ...record, key, aliases, party, dialled, direction, transfers, recordings, startedAt };
}
