/*
 * What we write at Patchbay is shown in the portal as written by its user. The documentation says that the portal does not report
 * such a message back as an operator's; its code does not exclude it. An invisible mark makes sure that it is never sent twice.
 */
const mark = '\u2063\u2064\u2063';

/** A text that begins with our mark. */
export function marked(text: string): string {
  return `${mark}${text}`;
}

/** Whether we wrote a text. */
export function isMarked(text: string): boolean {
  return text.includes(mark);
}
