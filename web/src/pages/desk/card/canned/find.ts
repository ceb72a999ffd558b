import type { CannedAnswerView } from '../../../../../../src/domain/written/canned-answer.ts';

/** A slash that the user has typed to look for a canned answer, and the letters after it. */
export interface Slash {
  /** Where the slash stands. */
  readonly start: number;
  readonly end: number;
  readonly query: string;
}

/** Letters that a search may have; a longer text after a slash is no search. */
const maxQuery = 40;
/** Answers that are offered at a time. */
const maxOffered = 8;

/** The slash before the caret, at the start of a line or after a space. Null if there is none. */
export function slashAt(text: string, caret: number): Slash | null {
  const before = text.slice(Math.max(0, caret - maxQuery - 2), caret);
  const slash = before.lastIndexOf('/');
  if (slash === -1) return null;
  const query = before.slice(slash + 1);
  const start = caret - query.length - 1;
  const isFree = start === 0 || /\s/.test(text[start - 1] ?? '');
  return isFree && query.length <= maxQuery && !/[\n\r/]|^\s|\s\s/.test(query) ? { start, end: caret, query } : null;
}

/** For whom answers are offered. */
export interface Offer {
  readonly channel: 'email' | 'message';
  readonly department: string | null;
  /** The client's language by the letters of the conversation; null if unknown. */
  readonly language: 'ru' | 'en' | null;
}

/**
 * The answers that fit the typed letters: first those in the client's language, then those whose title begins with the
 * letters, then those whose title or text contains them.
 */
export function findAnswers(
  answers: readonly CannedAnswerView[],
  query: string,
  { channel, department, language }: Offer,
): readonly CannedAnswerView[] {
  const wanted = folded(query).trim();
  const found = answers.flatMap((answer) => {
    const { channels, departments, title, text, id } = answer;
    if (channels.length > 0 && !channels.includes(channel)) return [];
    if (departments.length > 0 && (department === null || !departments.includes(department))) return [];
    const name = folded(title);
    const rank = name.startsWith(wanted) || folded(id).startsWith(wanted) ? 0 : name.includes(wanted) ? 1 : 2;
    if (rank === 2 && !folded(text).includes(wanted)) return [];
    const isForeign = language !== null && answer.language !== null && answer.language !== language;
    return [{ answer, order: (isForeign ? 10 : 0) + rank }];
  });
  return found
    .sort((a, b) => a.order - b.order)
    .slice(0, maxOffered)
    .map(({ answer }) => answer);
}

function folded(text: string): string {
  return text.toLowerCase().replaceAll('ё', 'е');
}
