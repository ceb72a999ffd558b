import { createHash } from 'node:crypto';
import type { EventKey, InteractionId } from '../base/ids.ts';
import { timeText } from '../base/time-text.ts';
import type { Attachment, Interaction } from '../interaction/interaction.ts';
import type { MessagePart } from '../interaction/message-history.ts';
import type { SentPart } from '../outbound/outbound.ts';
import { attachmentId } from './attachment-id.ts';
import { bodyTextOrNull } from './body-text.ts';
import { isOtherText, lastEdit, withEdit } from './edits.ts';
import { attachmentsAfter, textAfter } from './message-parts.ts';
import type { WrittenContact } from './written-contact.ts';

/** What a message says, with what it said before, and what of it was deleted. */
export type MessageContent = Pick<Interaction, 'text' | 'attachments' | 'edits' | 'parts' | 'deletedAt'>;

/** The content of a new message, whose attachments are `brought`. */
export function firstContent(
  id: InteractionId,
  contact: WrittenContact,
  brought: readonly Attachment[],
): MessageContent {
  const { text, placeholder, editedAt = 0, at, part } = contact;
  return {
    text: bodyTextOrNull(text ?? placeholder ?? null),
    attachments: brought,
    // The first version may have been written while nobody listened.
    edits: editedAt > at ? withEdit([], null, editedAt) : [],
    parts: part === undefined ? [] : [partAfter(null, id, contact, brought)],
    deletedAt: null,
  };
}

/** The content of a known message after `contact` about it, which brings attachments. An outdated contact changes nothing. */
export function contentAfter(
  existing: Interaction,
  contact: WrittenContact,
  brought: readonly Attachment[],
): MessageContent {
  const { id, text, attachments, edits, parts, deletedAt } = existing;
  const { editedAt = 0, part } = contact;
  const known = part === undefined ? null : partOf(existing, contact.key);
  const before = part === undefined ? lastEdit(edits) : Date.parse(known?.editedAt ?? '') || 0;
  if (editedAt < before) return { text, attachments, edits, parts, deletedAt };
  const said = known === null ? contact : { ...contact, part: { textBefore: known.text } };
  const next = bodyTextOrNull(textAfter(text, said));
  const isEdit = editedAt > 0 && text !== null && isOtherText(text, next);
  const nextParts = part === undefined ? parts : withPart(parts, partAfter(known, id, contact, brought));
  return {
    text: next,
    attachments:
      known === null ? attachmentsAfter(attachments, brought, contact) : withFilesOf(known, attachments, brought),
    edits: isEdit ? withEdit(edits, text, editedAt) : edits,
    parts: nextParts,
    deletedAt: nextParts.length > 0 && nextParts.some((one) => one.deletedAt === null) ? null : deletedAt,
  };
}

/** A message after its writer deleted it, or one of its parts; null if that is already known. Its content is kept. */
export function deletedAt(existing: Interaction, at: number, key: EventKey): Interaction | null {
  const { parts, revision } = existing;
  const time = timeText(at);
  if (parts.length === 0) {
    return existing.deletedAt === null ? { ...existing, deletedAt: time, revision: revision + 1 } : null;
  }
  const part = partOf(existing, key) ?? emptyPart(partId(existing.id, key));
  if (part.deletedAt !== null) return null;
  const left = withPart(parts, { ...part, deletedAt: time });
  const isGone = left.every((one) => one.deletedAt !== null);
  return { ...existing, parts: left, deletedAt: isGone ? time : existing.deletedAt, revision: revision + 1 };
}

/** The messages in which one of ours was sent. */
export function sentParts(id: InteractionId, parts: readonly SentPart[]): readonly MessagePart[] {
  return parts.map(({ key, text, files }) => ({
    ...emptyPart(partId(id, key)),
    text: bodyTextOrNull(text),
    attachments: files.map((file) => attachmentId(id, file)),
  }));
}

function partOf({ id, parts }: Interaction, key: EventKey): MessagePart | null {
  const wanted = partId(id, key);
  return parts.find((one) => one.id === wanted) ?? null;
}

function partId(interaction: InteractionId, key: EventKey): string {
  return createHash('sha256').update(`${interaction}\n${key}`).digest('hex').slice(0, 32);
}

function emptyPart(id: string): MessagePart {
  return { id, text: null, attachments: [], editedAt: null, deletedAt: null };
}

function partAfter(
  known: MessagePart | null,
  interaction: InteractionId,
  { key, text, editedAt }: WrittenContact,
  brought: readonly Attachment[],
): MessagePart {
  return {
    ...(known ?? emptyPart(partId(interaction, key))),
    text: bodyTextOrNull(text),
    ...(brought.length > 0 && { attachments: brought.map((one) => one.id) }),
    ...(editedAt !== undefined && { editedAt: timeText(editedAt) }),
  };
}

function withPart(parts: readonly MessagePart[], part: MessagePart): readonly MessagePart[] {
  const isKnown = parts.some(({ id }) => id === part.id);
  return isKnown ? parts.map((one) => (one.id === part.id ? part : one)) : [...parts, part];
}

/** Puts the files that a part brings in the place of those it had. */
function withFilesOf(
  part: MessagePart,
  all: readonly Attachment[],
  brought: readonly Attachment[],
): readonly Attachment[] {
  if (brought.length === 0) return all;
  const isOwn = ({ id }: Attachment) => part.attachments.includes(id);
  const place = all.findIndex(isOwn);
  const at = place < 0 ? all.length : place;
  const isNew = ({ id }: Attachment) => !all.some((one) => one.id === id && !isOwn(one));
  const others = (some: readonly Attachment[]) => some.filter((one) => !isOwn(one));
  return [...others(all.slice(0, at)), ...brought.filter(isNew), ...others(all.slice(at))];
}
