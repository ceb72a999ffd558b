import { newInteractionId } from '../base/ids.ts';
import type { StaffIndex } from '../directory/staff-index.ts';
import type { Interaction } from '../interaction/interaction.ts';
import { type Refusal, refuse } from '../ports/refusal.ts';
import type { Write } from '../ports/writes.ts';
import type { ConversationChanges } from './conversation.ts';
import { type ConversationFacts, closedBy, handedOver, isWritten } from './conversation.ts';

/** A manager's action on a conversation. */
export type ConversationWrite = Extract<Write, { op: 'hand-over' | 'close' }>;

/** The refusal if the contact is not part of a conversation, or null. */
export function noConversation(contact: Interaction | null, { id }: ConversationWrite): Refusal | null {
  if (contact === null) return refuse('not_found', `no interaction ${id}`);
  return isWritten(contact) ? null : refuse('conflict', `a ${contact.channel} is not part of a conversation`);
}

/** The changes that an action makes, or the refusal. */
export function changedBy(
  write: ConversationWrite,
  facts: ConversationFacts,
  staff: StaffIndex,
): ConversationChanges | Refusal {
  const { by, at } = write;
  if (write.op === 'close')
    return closedBy(facts, { by, at }) ?? refuse('conflict', 'the conversation is already closed');
  const manager = staff.byId(write.to);
  if (manager === null) return refuse('invalid', 'no such manager', '/to');
  const to = { id: manager.id, name: manager.name };
  const { note } = write;
  const changes = handedOver(facts, { to, by, note, at, newId: newInteractionId(at) });
  return changes ?? refuse('conflict', `${to.name} already has the conversation`);
}

/** A description of the action for the history. */
export function historyText(write: ConversationWrite): string {
  return write.op === 'close' ? 'closed' : `handed over to ${write.to}`;
}
