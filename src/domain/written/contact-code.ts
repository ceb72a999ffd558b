import { type InteractionId, isInteractionId } from '../base/ids.ts';

/**
 * The code of a form, for a link into a messenger or the text of a first message. It proves that the sender of the message submitted
 * the form. It encodes the interaction's id in 22 characters with 74 random bits, so it cannot be guessed.
 */
export function codeOf(id: InteractionId): string {
  return Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url');
}

/** The interactions whose codes a text contains, at most three. */
export function codesIn(text: string): readonly InteractionId[] {
  const words = text.match(/(?<![\w-])[\w-]{22}(?![\w-])/g) ?? [];
  return words.slice(0, 3).flatMap((word) => {
    const hex = Buffer.from(word, 'base64url').toString('hex');
    const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
    return isInteractionId(id) && id[14] === '7' ? [id] : [];
  });
}
