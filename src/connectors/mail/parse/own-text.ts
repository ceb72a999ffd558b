import { isAnswer } from '../../../domain/written/quoted/answering.ts';
import { type Folded, folded, foldQuoted, type History, historyIn } from '../../../domain/written/quoted/fold.ts';
import { type HtmlLine, htmlLines, textOfLines } from './html-text.ts';
import type { Letter } from './model.ts';

/** A letter's text, and where its quoted history is. */
export interface OwnText extends Folded {
  /** Where the history at the end of the HTML begins, as an index of it; null if there is none. */
  readonly quotedAt: number | null;
}

/** Separates the author's own text from the history that it answers. Only a letter that answers another one has history. */
export function ownTextOf(letter: Pick<Letter, 'text' | 'html' | 'answers' | 'subject'>): OwnText {
  const answer = isAnswer(letter);
  const whole = { own: letter.text.trim(), quoted: '' };
  if (letter.html === null) return { ...(answer ? foldQuoted(letter.text) : whole), quotedAt: null };
  if (!answer) return { ...whole, quotedAt: null };
  const lines = htmlLines(letter.html);
  const history = historyIn(lines);
  const text = textOfLines(lines) === letter.text ? ofLines(lines, history) : foldQuoted(letter.text);
  return { ...text, quotedAt: quotedAt(lines, history) };
}

function ofLines(lines: readonly HtmlLine[], history: History | null): Folded {
  return history === null ? { own: textOfLines(lines), quoted: '' } : folded(lines, history);
}

/** The page can fold only what is at the end, so it folds nothing if more of the writer's words follow. */
function quotedAt(lines: readonly HtmlLine[], history: History | null): number | null {
  return history === null || history.tail === 'own' ? null : (lines[history.from]?.at ?? null);
}
