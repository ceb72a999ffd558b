import { beginning } from '../../domain/base/clean-text.ts';
import type { Attachment, Interaction } from '../../domain/interaction/interaction.ts';
import type { Words } from './words.ts';

/** Lines of files at most. */
const maxLinks = 50;

/** What a record of a contact says, as plain text: what happened to it, its own text, and its files. */
export function bodyOf(contact: Interaction, linked: readonly Attachment[], words: Words, max: number): string {
  const text = contact.text ?? '';
  const shown = beginning(text, max);
  const links = linked.slice(0, maxLinks).map(({ name, url }) => `${words.file}: ${beginning(name, 200)} ${url}`);
  const parts = [
    statusOf(contact, words),
    shown === '' ? words.noText : shown,
    shown.length < text.length || contact.html?.styled === true
      ? linkToWhole(contact, shown.length < text.length, words)
      : null,
    [contact.line === null ? null : `${words.line}: ${contact.line.label}`, pageOf(contact, words)]
      .filter((line) => line !== null)
      .join('\n'),
    links.join('\n'),
  ];
  return parts.filter((part) => part !== null && part !== '').join('\n\n');
}

/** Deletion by the sender, failed delivery, or how far it came. */
function statusOf({ direction, state, deletedAt, problem }: Interaction, words: Words): string | null {
  if (deletedAt !== null) return `${words.deleted}: ${minute(deletedAt)}`;
  if (direction !== 'outbound') return null;
  if (state === 'failed')
    return problem === null ? `${words.notDelivered}.` : `${words.notDelivered}: ${beginning(problem, 500)}`;
  if (state === 'read') return words.read;
  return state === 'delivered' ? words.delivered : null;
}

function linkToWhole({ html }: Interaction, isCut: boolean, words: Words): string | null {
  const parts = [isCut ? words.cut : null, html?.url ?? null].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join(' ');
}

function pageOf({ channel, attribution }: Interaction, words: Words): string | null {
  const page = attribution?.page ?? null;
  return channel === 'form' && page !== null ? `${words.page}: ${beginning(page, 500)}` : null;
}

/** A time with its zone, without seconds. */
function minute(time: string): string {
  return `${time.slice(0, 16).replace('T', ' ')} UTC`;
}
