import type { Attachment } from '../interaction/interaction.ts';
import type { WrittenContact } from './written-contact.ts';

/** The text of a known message after `contact` about it. Null if it has none any more. */
export function textAfter(existing: string | null, contact: WrittenContact): string | null {
  const { text, placeholder = null, part, attachments } = contact;
  const kept = attachments.length > 0 && placeholder !== null ? replaced(existing, placeholder, null) : existing;
  if (part === undefined) return text ?? kept;
  const { textBefore } = part;
  if (textBefore !== null && hasLines(kept, textBefore)) return replaced(kept, textBefore, text);
  return text === null || hasLines(kept, text) ? kept : [kept, text].filter((one) => one !== null).join('\n');
}

/** The attachments of a known message after `contact` about it, which brings `brought`. */
export function attachmentsAfter(
  existing: readonly Attachment[],
  brought: readonly Attachment[],
  { part }: Pick<WrittenContact, 'part'>,
): readonly Attachment[] {
  if (brought.length === 0) return existing;
  if (part === undefined) return brought;
  const known = new Set(existing.map(({ id }) => id));
  return [...existing, ...brought.filter(({ id }) => !known.has(id))];
}

/** Whether the text contains these lines as a whole, so that no word is found within another one. */
function hasLines(text: string | null, lines: string): boolean {
  return text !== null && `\n${text}\n`.includes(`\n${lines}\n`);
}

function replaced(text: string | null, lines: string, by: string | null): string | null {
  if (text === null || !hasLines(text, lines)) return text;
  const [before = '', ...rest] = `\n${text}\n`.split(`\n${lines}\n`);
  const after = rest.join(`\n${lines}\n`);
  return [before.replace(/^\n/, ''), by ?? '', after.replace(/\n$/, '')].filter((one) => one !== '').join('\n') || null;
}
