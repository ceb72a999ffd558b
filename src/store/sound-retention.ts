import { lowestId } from '../domain/base/ids.ts';
import { daysKept, type RecordingRule } from '../domain/call/recording-retention.ts';
import type { Interaction } from '../domain/interaction/interaction.ts';
import type { RecordingFile } from '../domain/ports/readers.ts';
import type { Store } from '../domain/ports/store.ts';
import type { Write } from '../domain/ports/writes.ts';

const dayMs = 86_400_000;
const pageSize = 200;

/**
 * Erases the recordings whose time is over by the rules. Returns how many. It goes through all recordings that are older than
 * the shortest rule, as others of them may be kept for longer.
 */
export async function eraseExpired(
  store: Pick<Store, 'apply' | 'read'>,
  rules: readonly RecordingRule[],
  now: number,
  signal: AbortSignal,
): Promise<number> {
  if (rules.length === 0) return 0;
  const before = lowestId(now - Math.min(...rules.map(({ days }) => days)) * dayMs);
  let erased = 0;
  for (let after = ''; !signal.aborted; ) {
    const page = await store.read.recordingsBetween(after, before, pageSize);
    const calls = new Map<string, RecordingFile[]>();
    for (const file of page) calls.set(file.interaction, [...(calls.get(file.interaction) ?? []), file]);
    for (const files of calls.values()) {
      const [first] = files;
      const call = first === undefined ? null : await store.read.interaction(first.interaction);
      const writes = call === null ? [] : erasures(call, files, rules, now);
      if (writes.length > 0) await store.apply(writes);
      erased += writes.reduce((sum, { recordings }) => sum + recordings.length, 0);
    }
    // The last call of a full page may have more recordings than fitted.
    const last = page.at(-1)?.interaction ?? '';
    if (page.length < pageSize) return erased;
    after = calls.size > 1 ? (page.findLast(({ interaction }) => interaction !== last)?.interaction ?? last) : last;
  }
  return erased;
}

function erasures(
  call: Interaction,
  files: readonly RecordingFile[],
  rules: readonly RecordingRule[],
  now: number,
): readonly Extract<Write, { op: 'erase-recordings' }>[] {
  const known = new Set(files.map(({ id }) => id));
  const due = new Map<number, string[]>();
  for (const recording of call.recordings) {
    const days = daysKept(rules, call, recording);
    if (days === null || !known.has(recording.id) || now - Date.parse(call.startedAt) < days * dayMs) continue;
    due.set(days, [...(due.get(days) ?? []), recording.id]);
  }
  return [...due].map(([days, recordings]) => ({
    op: 'erase-recordings',
    interaction: call.id,
    recordings,
    days,
    at: now,
  }));
}
