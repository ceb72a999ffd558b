import { type InteractionId, isInteractionId } from '../base/ids.ts';

/**
 * A form's code, for a link into a messenger or the text of a first message: it proves that the writer sent the form. It is the
 * interaction's id in 22 letters with 74 random bits, so it cannot be guessed.
 */
export function codeOf(id: InteractionId): string {
  return Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url');
}

/** The interactions that the codes in a text name, at most three. */
export function codesIn(text: string): readonly InteractionId[] {
  const words = text.match(/(?<![\w-])[\w-]{22}(?![\w-])/g) ?? [];
  return words.slice(0, 3).flatMap((word) => {
    const hex = Buffer.from(word, 'base64url').toString('hex');
    const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
    return isInteractionId(id) && id[14] === '7' ? [id] : [];
  });
}
