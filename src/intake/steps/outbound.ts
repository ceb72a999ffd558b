import { newInteractionId } from '../../domain/base/ids.ts';
import type { Interaction } from '../../domain/interaction/interaction.ts';
import { addressesOf, participantsOf } from '../../domain/interaction/participants.ts';
import { removedKey } from '../../domain/interaction/removed.ts';
import { automaticCount, tooManyAutomatic } from '../../domain/outbound/automatic-cap.ts';
import { hasLeft, outboundKey } from '../../domain/outbound/outbound.ts';
import { noProblem } from '../../domain/outbound/problem.ts';
import {
  afterSending,
  afterSent,
  alreadySent,
  noSender,
  notSent,
  outboundContent,
  queuedInteraction,
  type SendWrite,
} from '../../domain/outbound/sending.ts';
import { type Outcome, refuse } from '../../domain/ports/refusal.ts';
import type { Write } from '../../domain/ports/writes.ts';
import { deletionKey } from '../../domain/written/early-reports.ts';
import { attachmentsOf, writtenParty } from '../../domain/written/reduce-written.ts';
import { answer } from './answer.ts';
import { withOutcome } from './commands.ts';
import { findFirst, firstInteractionId } from './keys.ts';
import { match } from './match.ts';
import { withEarlyReports } from './reports.ts';
import { save } from './save.ts';
import type { Work } from './work.ts';
import { filesOf } from './written.ts';

/** Stores an outbound message and its interaction. */
export async function send(work: Work, write: SendWrite): Promise<Outcome> {
  const { tables, settings, staff } = work;
  const { at, channel, expiresAt } = write;
  const keys = await tables.keys.find([write.key]);
  const existing = await findFirst(tables, keys);
  if (existing !== null) return [{ interaction: existing, desk: [] }];
  if (firstInteractionId(keys) !== null) return removedKey();
  const parent = write.answers === null ? null : await tables.interactions.get(write.answers);
  if (write.answers !== null && parent === null) return refuse('not_found', `no interaction ${write.answers}`);
  const handle = parent === null ? null : await tables.written.handle(parent.id);
  const connection = write.connection ?? handle?.connection ?? null;
  if (connection === null) return noSender(write);
  const content = outboundContent(write, handle?.connection === connection ? handle.handle : null);
  const id = newInteractionId(at);
  const others = [...(content.cc ?? []), ...(content.bcc ?? [])].map((email) => ({ email, name: null }));
  const addresses = addressesOf({ others });
  const interaction = queuedInteraction(id, write, content, {
    ...settings,
    parent,
    match: await match(work, writtenParty({ party: content.to }, settings.country)),
    staff,
    connection,
    attachments: attachmentsOf(content.attachments, { ...settings, id }),
    participants: participantsOf({ others }, await tables.directory.of(addresses)),
  });
  const counted = automaticCount(interaction, at);
  const refused = counted === null ? null : tooManyAutomatic(await tables.outbound.countAutomatic(counted));
  if (refused !== null) return refused;
  await tables.keys.put([...keys, ...(await tables.keys.find([outboundKey(id)]))], id);
  await tables.written.keepAttachments(filesOf(id, content.attachments));
  if (content.formatted !== undefined) await tables.written.keepBody(id, content.formatted);
  if (addresses.length > 0)
    await tables.written.keepParticipants(
      id,
      addresses.map(({ value }) => value),
    );
  await tables.outbound.put({
    id,
    connection,
    channel,
    state: 'due',
    attempts: 0,
    nextAt: write.sendAt ?? at,
    expiresAt,
    content,
  });
  return [await save(tables, null, interaction, { at, by: write.by.id, what: 'written' })];
}

/** Marks a message as being sent by its connector. */
export async function beginSending(
  { tables: { outbound } }: Work,
  { id, at }: Extract<Write, { op: 'begin-sending' }>,
): Promise<Outcome> {
  const row = await outbound.get(id);
  if (row?.state !== 'due') return notSent(id, row, 'due');
  await outbound.set(id, { state: 'sending', attempts: row.attempts + 1, nextAt: at });
  return [];
}

/** Records how an attempt to send a message ended. */
export async function endSending(
  { tables }: Work,
  { id, outcome, at }: Extract<Write, { op: 'end-sending' }>,
): Promise<Outcome> {
  const row = await tables.outbound.get(id);
  const before = await tables.interactions.get(id);
  // An echo or a report may already have shown that the message left. Then there is nothing left to send, whatever
  // this attempt says.
  const settled = before !== null && outcome.kind !== 'sent' && hasLeft(before);
  if (row === null || (row.state === 'done' && !settled)) return notSent(id, row, 'sending');
  if (row.content.command !== undefined) await tables.outbound.setContent(id, withOutcome(row.content, outcome));
  const { state, nextAt } = settled ? { state: 'done' as const, nextAt: at } : afterSending(row, outcome, at);
  await tables.outbound.set(id, { state, attempts: row.attempts, nextAt });
  if (outcome.kind === 'failed' && outcome.undeliverable !== undefined)
    await tables.undeliverable.mark(outcome.undeliverable, at);
  if (before === null) return [];
  const after = afterSent(before, state, outcome, at);
  if (outcome.kind !== 'sent')
    return after === null ? [] : [await save(tables, before, after, { at, what: 'not sent' })];
  const { keys, handle } = outcome;
  await tables.keys.put(await tables.keys.find(keys), id);
  if (handle !== null) await tables.written.keepHandle(id, { connection: row.connection, handle });
  const current = await withEarlyReports(tables, after ?? before, [...keys, ...keys.map(deletionKey)]);
  const saved = current === before ? [] : [await save(tables, before, current, { at, what: 'sent' })];
  return [...saved, ...(await answer(tables, current, at, at))];
}

/** Queues a message again at a person's request. */
export async function resend(
  { tables }: Work,
  { id, expiresAt, at }: Extract<Write, { op: 'resend' }>,
): Promise<Outcome> {
  const before = await tables.interactions.get(id);
  if (before !== null && hasLeft(before)) return alreadySent(id);
  const row = await tables.outbound.get(id);
  // A command belongs to a moment of its call, and is never repeated.
  if (row?.channel === 'command' || (row?.state !== 'failed' && row?.state !== 'uncertain'))
    return notSent(id, row, 'failed');
  await tables.outbound.set(id, { state: 'due', attempts: 0, nextAt: at });
  await tables.outbound.setExpiry(id, expiresAt);
  if (before === null) return [];
  const after: Interaction = { ...before, state: 'queued', ...noProblem, revision: before.revision + 1 };
  return [await save(tables, before, after, { at, what: 'sent again' })];
}
