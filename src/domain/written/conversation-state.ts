import type { InteractionId } from '../base/ids.ts';
import type { Interaction } from '../interaction/interaction.ts';
import { isWritten, ownerOf } from './conversation.ts';

/** What lists of conversations filter and sort by. Stores keep one row for each conversation. */
export interface ConversationState {
  /** The thread, or the id of a contact without one. */
  readonly id: string;
  /** The latest contact; automatic messages don't count. */
  readonly latest: InteractionId;
  /** When it started, RFC 3339. */
  readonly at: string;
  /** Since when the client has been waiting for an answer, RFC 3339; null if nothing waits. */
  readonly since: string | null;
  /** Id of the manager who has to answer; empty for nobody. */
  readonly owner: string;
  readonly channel: Interaction['channel'];
  /** Id of the line; empty for none. */
  readonly line: string;
  readonly closed: boolean;
}

/** The name of the conversation that a contact belongs to. */
export function conversationName({ thread, id }: Pick<Interaction, 'thread' | 'id'>): string {
  return thread ?? id;
}

/** Whether a contact waits for an answer of ours. */
export function waitsForAnswer({
  direction,
  answeredAt,
  automatic,
}: Pick<Interaction, 'direction' | 'answeredAt' | 'automatic'>): boolean {
  return direction === 'inbound' && answeredAt === null && automatic === null;
}

/** Whether a contact is listed as part of a conversation. */
function counts(contact: Interaction): boolean {
  return isWritten(contact) && contact.mergedInto === null && contact.automatic === null;
}

/** The state of a conversation by its contacts, newest first; null if there is nothing to list. */
export function stateOf(name: string, thread: readonly Interaction[]): ConversationState | null {
  const newest = thread.findIndex(counts);
  const latest = thread[newest];
  if (latest === undefined) return null;
  const end = thread.findIndex(({ closed }) => closed != null);
  // The latest contact carries the mark of the closing, and may be an automatic message.
  const closed = end !== -1 && end <= newest;
  const since = thread
    .slice(0, end === -1 ? thread.length : end)
    .filter((one) => counts(one) && waitsForAnswer(one))
    .at(-1)?.startedAt;
  return rowOf(name, latest, closed ? null : (since ?? null), closed);
}

function rowOf(id: string, latest: Interaction, since: string | null, closed: boolean): ConversationState {
  const { startedAt, channel, line } = latest;
  const owner = ownerOf(latest)?.id ?? '';
  return { id, latest: latest.id, at: startedAt, since, owner, channel, line: line?.id ?? '', closed };
}

/** Whether a revision can change the state of its conversation. */
export function changesState(before: Interaction | null, after: Interaction): boolean {
  if (!isWritten(after) && (before === null || !isWritten(before))) return false;
  return before === null || before.answeredAt !== after.answeredAt || changesPlace(before, after);
}

function changesPlace(before: Interaction, after: Interaction): boolean {
  return (
    before.startedAt !== after.startedAt ||
    before.thread !== after.thread ||
    before.direction !== after.direction ||
    before.automatic !== after.automatic ||
    before.mergedInto !== after.mergedInto ||
    before.line?.id !== after.line?.id ||
    (before.closed ?? null) !== (after.closed ?? null) ||
    ownerOf(before)?.id !== ownerOf(after)?.id
  );
}

/**
 * The state after a revision of one of its contacts, as far as that follows from the state before; undefined if the
 * contacts have to be read. Long conversations mostly grow at their end, and need no reading.
 */
export function stateAfter(
  known: ConversationState | null,
  before: Interaction | null,
  after: Interaction,
): ConversationState | undefined {
  if (known === null) return undefined;
  if (before !== null) {
    // An answer answers several contacts; only the first of them decides since when the client has waited.
    const isLater = known.since !== null && known.since < after.startedAt;
    const hasWaited = after.answeredAt !== null && before.answeredAt === null;
    return isLater && hasWaited && !changesPlace(before, after) ? known : undefined;
  }
  if (!counts(after) || after.closed != null || after.startedAt < known.at) return undefined;
  const waited = known.closed ? null : known.since;
  return rowOf(known.id, after, waited ?? (waitsForAnswer(after) ? after.startedAt : null), false);
}
