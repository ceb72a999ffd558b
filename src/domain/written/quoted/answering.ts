/** Prefixes of the subjects of answers and of forwarded letters, as mail programs of many languages write them. */
const replies = new Set(
  're aw antw antwort sv vs odp ynt yan res rif отв ответ на відп відповідь жауап rép ref'.split(' '),
);
const forwards = new Set('fw fwd wg tr rv enc pd i ilt пересл переслано переслане пер пд fs'.split(' '));

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
  const [, prefix = ''] = /^(\p{L}+)[\s\d[\](^)]*[:：]/u.exec((subject ?? '').trim().toLowerCase()) ?? [];
  return !forwards.has(prefix) && (answers.length > 0 || replies.has(prefix));
}
