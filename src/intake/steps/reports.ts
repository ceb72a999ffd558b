import type { EventKey } from '../../domain/base/ids.ts';
import type { Interaction } from '../../domain/interaction/interaction.ts';
import { hasLeft } from '../../domain/outbound/outbound.ts';
import { noProblem } from '../../domain/outbound/problem.ts';
import type { Tables } from '../../domain/ports/tables.ts';
import type { Change } from '../../domain/ports/writes.ts';
import { isAnswer, threadWindow } from '../../domain/written/answers.ts';
import { deletionKey, pendingReportLife, withEarlyReport } from '../../domain/written/early-reports.ts';
import { deletedAt } from '../../domain/written/message-content.ts';
import { reduceReport } from '../../domain/written/reduce-written.ts';
import type { WrittenDeletion, WrittenReading, WrittenReport } from '../../domain/written/written-contact.ts';
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
  const next = deletedAt(existing, deletion.at, deletion.key);
  return next === null ? [] : [await save(tables, existing, next, { at: now, what: 'deleted by its writer' })];
}

/** Marks our messages of a conversation as read, up to the one that the client read last. */
export async function takeReading({ tables, now }: Work, reading: WrittenReading): Promise<readonly Change[]> {
  const { key, connection, at } = reading;
  const report: WrittenReport = { kind: 'report', key, connection, state: 'read', ...noProblem, at };
  const last = await findByKeys(tables, [key]);
  // The client may be faster than the service's answer to our sending.
  if (last === null) await keepEarly(tables, key, report, now);
  const until = last === null ? at : Date.parse(last.startedAt);
  const thread = await tables.interactions.ofThread(reading.thread, threadWindow);
  const others = thread.filter((one) => one.id !== last?.id && Date.parse(one.startedAt) <= until);
  const changes: Change[] = [];
  for (const before of last === null ? others : [last, ...others]) {
    if (before.direction !== 'outbound' || !hasLeft(before)) continue;
    const after = reduceReport(before, report);
    if (after !== null) changes.push(await save(tables, before, after, { at: now, what: 'read' }));
  }
  return changes;
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
