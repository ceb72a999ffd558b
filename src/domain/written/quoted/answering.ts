const replies =
  /^(?:re|aw|antw|antwort|sv|vs|odp|ynt|yan|res|rif|отв|ответ|на|відп|відповідь|жауап|rép|ref)\s*(?:[[(^]\s*\d{1,4}\s*[\])]?)?\s*[:：]/iu;
const forwards =
  /^(?:fwd?|wg|tr|rv|enc|pd|i|ilt|пересл|переслано|переслане|пер|пд|fs)\s*(?:[[(^]\s*\d{1,4}\s*[\])]?)?\s*[:：]/iu;

/**
 * Whether a letter answers another one, so that it may contain quoted history. What a new letter quotes, or a forwarded letter, is what
 * its writer wants to say.
 */
export function isAnswer({
  answers,
  subject,
}: {
  readonly answers: readonly string[];
  readonly subject: string | null;
}): boolean {
  const title = (subject ?? '').trim().slice(0, 200);
  if (forwards.test(title)) return false;
  return answers.length > 0 || replies.test(title);
}
