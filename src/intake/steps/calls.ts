import { type EventKey, newInteractionId } from '../../domain/base/ids.ts';
import { lacksLine, onAskedLine, withAskedLine } from '../../domain/call/asked-line.ts';
import { callParty } from '../../domain/call/call-facts.ts';
import { joined, type PendingRoute, pendingRouteLife, routed } from '../../domain/call/call-route.ts';
import { afterSnapshot, mergedAway } from '../../domain/call/merge-calls.ts';
import { pooledNumber } from '../../domain/call/number-pool.ts';
import { withOwnNumbers } from '../../domain/call/own-numbers.ts';
import { hasSeenEnd, recordingId } from '../../domain/call/reduce-call.ts';
import { unfinished } from '../../domain/call/unfinished.ts';
import { missOwner } from '../../domain/follow-up/misses.ts';
import type { CallSnapshot } from '../../domain/interaction/contact-event.ts';
import type { Attribution, Interaction } from '../../domain/interaction/interaction.ts';
import type { FoundKey } from '../../domain/ports/contact-tables.ts';
import type { Tables } from '../../domain/ports/tables.ts';
import type { Change } from '../../domain/ports/writes.ts';
import { findByKeys, firstInteractionId, interactionOf } from './keys.ts';
import { match } from './match.ts';
import { save } from './save.ts';
import type { Work } from './work.ts';

/**
 * Stores a call snapshot: finds or creates its interaction, matches it, merges duplicates, and keeps what a restarted
 * tracker needs.
 */
export async function takeCall(work: Work, reported: CallSnapshot): Promise<readonly Change[]> {
  const { tables, settings, staff, now } = work;
  const seen = withOwnNumbers(reported, staff, settings.country);
  const names = [seen.key, ...seen.aliases];
  const keys = await tables.keys.find(names);
  const isKnown = firstInteractionId(keys) !== null;
  const [survivor, ...others] = isKnown ? await interactionsOf(tables, keys) : [];
  if (survivor === undefined && isKnown) return [];
  if (survivor !== undefined && hasSeenEnd(survivor, seen)) {
    await tables.keys.put(keys, survivor.id);
    return [];
  }
  const early = survivor === undefined ? await tables.calls.takeRoute(names) : null;
  const lines = [early?.line?.dialled, survivor?.line?.id, ...others.map(({ line }) => line?.id)];
  const call = withAskedLine(seen, lines, staff);
  const party = callParty(call, staff);
  const found = await match(work, call.direction === 'internal' ? { ...party, phone: null } : party);
  const id = survivor?.id ?? newInteractionId(now);
  // Look up the visit only when the call begins: later the number may be shown to another one.
  const pooled = survivor === undefined ? pooledNumber(call, staff, settings.country) : null;
  const visit = pooled === null ? null : await marksAt(tables, pooled, call.startedAt);
  const context = { publicUrl: settings.publicUrl, id, party, match: found, staff, visit, now };
  const reduced = afterSnapshot(survivor ?? null, others, call, context);
  const next = reduced === null || early === null ? reduced : routed(reduced, early);
  await tables.keys.put(keys, id);
  const row = unfinished(call, survivor ?? null, next);
  if (row === 'keep') await tables.calls.keepLive(id, reported);
  else if (row === 'drop') await tables.calls.dropLive(id);
  const erased = new Set((next ?? survivor)?.recordings.filter((one) => one.state === 'erased').map((one) => one.id));
  for (const { file, path, blob = null, mime } of call.recordings) {
    const recording = recordingId(id, file);
    if (!erased.has(recording)) await tables.calls.keepRecording({ id: recording, interaction: id, path, blob, mime });
  }
  const changes: Change[] = [];
  for (const other of others) {
    await tables.calls.dropLive(other.id);
    changes.push(await save(tables, other, mergedAway(other, id, now), { at: now, what: 'merge' }));
  }
  const what = call.basis === 'record' ? 'call record' : 'call';
  if (next !== null) {
    const owner = () => missOwner(next, staff);
    changes.push(await save(tables, survivor ?? null, next, { at: now, what, owner }));
  }
  return changes;
}

/**
 * Stores a routing decision with its call. A decision that arrives before the call's first event is kept until then.
 */
export async function keepRoute(
  { tables, settings, staff }: Work,
  call: EventKey,
  pending: PendingRoute,
  at: number,
): Promise<readonly Change[]> {
  await tables.calls.dropRoutes(at - pendingRouteLife);
  const interaction = await findByKeys(tables, [call]);
  if (interaction === null) {
    const earlier = await tables.calls.takeRoute([call]);
    const route = earlier === null ? pending.route : joined(earlier.route, pending.route);
    const line = earlier?.line ?? pending.line ?? null;
    await tables.calls.keepRoute(call, { route, responsible: pending.responsible, line }, at);
    return [];
  }
  const { line } = pending;
  const isAsked = line != null && lacksLine(interaction, line, staff);
  const pooled = isAsked ? pooledNumber({ ...line, direction: 'inbound' }, staff, settings.country) : null;
  const visit = pooled === null ? null : await marksAt(tables, pooled, Date.parse(interaction.startedAt));
  const located = isAsked ? onAskedLine(interaction, line, visit, staff) : interaction;
  const next = { ...routed(located, pending), revision: interaction.revision + 1 };
  return [await save(tables, interaction, next, { at, what: 'route' })];
}

/** The interactions that the keys refer to, oldest first. */
async function interactionsOf(tables: Tables, keys: readonly FoundKey[]): Promise<readonly Interaction[]> {
  const distinct = new Map<string, Interaction>();
  for (const key of keys) {
    const found = key.interaction === null ? null : await interactionOf(tables, key);
    if (found !== null) distinct.set(found.id, found);
  }
  return [...distinct.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** The marks of the visit that was shown a number at the given time, or null. */
async function marksAt({ numberHolds }: Tables, number: string, at: number): Promise<Attribution | null> {
  const held = await numberHolds.latest(number, at);
  return held === null || held.until < at ? null : held.marks;
}
