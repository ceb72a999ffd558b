import type { EventKey } from '../../domain/base/ids.ts';
import type { Interaction } from '../../domain/interaction/interaction.ts';
import { hasLeft } from '../../domain/outbound/outbound.ts';
import type { Tables } from '../../domain/ports/tables.ts';
import type { Change } from '../../domain/ports/writes.ts';
import { isAnswer } from '../../domain/written/answers.ts';
import { deletionKey, pendingReportLife, withEarlyReport } from '../../domain/written/early-reports.ts';
import { deletedAt, reduceReport } from '../../domain/written/reduce-written.ts';
import type { WrittenDeletion, WrittenReport } from '../../domain/written/written-contact.ts';
import { answer } from './answer.ts';
import { findByKeys } from './keys.ts';
import { save } from './save.ts';
import type { Work } from './work.ts';

/** Stores what the outside reports about a message. A report about a message not known yet is kept for a while. */
export async function takeReport({ tables, now }: Work, report: WrittenReport): Promise<readonly Change[]> {
  const existing = await findByKeys(tables, [report.key]);
  if (existing === null) return keepEarly(tables, report.key, report, now);
  await markFailed(tables, existing, report);
  const next = reduceReport(existing, report);
  if (next === null) return [];
  if (hasLeft(next)) await tables.outbound.settle(next.id);
  const saved = await save(tables, existing, next, { at: now, what: 'report' });
  return [saved, ...(isAnswer(existing) ? [] : await answer(tables, next, Date.parse(next.startedAt), now))];
}

/** Records that a message was deleted. If the message is not known yet, the deletion is kept for a while. */
export async function takeDeletion({ tables, now }: Work, deletion: WrittenDeletion): Promise<readonly Change[]> {
  const existing = await findByKeys(tables, [deletion.key]);
  if (existing === null) return keepEarly(tables, deletionKey(deletion.key), deletion, now);
  const next = deletedAt(existing, deletion.at);
  return next === null ? [] : [await save(tables, existing, next, { at: now, what: 'deleted by its writer' })];
}

/** Applies reports that arrived before the interaction did. They do not raise its revision. */
export async function withEarlyReports(
  tables: Tables,
  interaction: Interaction,
  keys: readonly EventKey[],
): Promise<Interaction> {
  const reports = keys.length === 0 ? [] : await tables.written.takeReports(keys);
  for (const one of reports) if (one.kind === 'report') await markFailed(tables, interaction, one);
  return reports.reduce(withEarlyReport, interaction);
}

async function keepEarly(
  { written }: Tables,
  key: EventKey,
  report: WrittenReport | WrittenDeletion,
  now: number,
): Promise<readonly Change[]> {
  await written.dropReports(now - pendingReportLife);
  await written.keepReport(key, report, now);
  return [];
}

/** Marks addresses only for messages that we sent: a stranger's letter may claim anything. */
async function markFailed(
  tables: Tables,
  { direction }: Interaction,
  { undeliverable = [], at }: WrittenReport,
): Promise<void> {
  if (direction !== 'outbound') return;
  for (const failed of undeliverable) await tables.undeliverable.mark(failed, at);
}
