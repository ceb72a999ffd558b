import type { Interaction } from '../interaction/interaction.ts';
import { type Condition, conditionsOf, type Term } from './question.ts';
import { stemOf, tokensOf } from './tokens.ts';
import { addressesIn, numbersIn } from './wholes.ts';

/** A part of a text, divided where the searched words begin and end. */
export type Snippet = readonly { readonly text: string; readonly isHit: boolean }[];

/** Characters of each text that are looked through, and that are shown before the first hit and in all. */
const maxLooked = 30_000;
const before = 60;
const maxShown = 220;

interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * The part of an interaction's texts in which a question's words occur: of its text if they are there, else of its notes, files,
 * participants or subject. The beginning of its text if they occur only in what is quoted or in the names of others.
 */
export function snippetOf(interaction: Interaction, question: string): Snippet {
  const conditions = conditionsOf(question);
  const { text, notes, attachments, participants, subject, party } = interaction;
  const texts = [
    text,
    ...notes.map((note) => note.text),
    ...attachments.map(({ name }) => name),
    subject,
    ...participants.map(({ name, email }) => `${name ?? ''} ${email}`),
    party.email,
  ].filter((one) => one !== null);
  let best: { readonly text: string; readonly hits: readonly Span[] } = { text: text ?? subject ?? '', hits: [] };
  for (const one of texts) {
    const looked = one.slice(0, maxLooked);
    const hits = hitsIn(looked, conditions);
    if (hits.length > best.hits.length) best = { text: looked, hits };
    if (best.hits.length >= conditions.length) break;
  }
  return cut(best.text, best.hits);
}

/** Where words that a question asks for occur in a text. */
export function hitsIn(text: string, conditions: readonly Condition[]): readonly Span[] {
  const terms = conditions.flat();
  if (terms.length === 0) return [];
  const tokens = [...tokensOf(text)];
  const words = tokens.filter(({ word }) => isAsked(stemOf(word), terms));
  const wholes = [...numbersIn(text, tokens), ...addressesIn(text, tokens)]
    .filter((whole) => whole.words.some((word) => isAsked(word, terms)))
    .flatMap((whole) => ({ from: whole.tokens[0]?.from ?? 0, to: whole.tokens.at(-1)?.to ?? 0 }));
  return joined([...words, ...wholes].sort((a, b) => a.from - b.from || b.to - a.to));
}

function isAsked(kept: string, terms: readonly Term[]): boolean {
  return terms.some(({ word, isPrefix }) => (isPrefix ? kept.startsWith(word) : kept === word));
}

/** Without spans that lie inside another one. */
function joined(spans: readonly Span[]): readonly Span[] {
  const found: Span[] = [];
  for (const { from, to } of spans) if (from >= (found.at(-1)?.to ?? 0)) found.push({ from, to });
  return found;
}

function cut(text: string, hits: readonly Span[]): Snippet {
  const first = hits[0]?.from ?? 0;
  const from = first <= before ? 0 : wordStart(text, first - before);
  const end = Math.min(text.length, from + maxShown);
  const parts: { text: string; isHit: boolean }[] = [];
  let at = from;
  for (const hit of hits) {
    if (hit.to > end) break;
    parts.push({ text: text.slice(at, hit.from), isHit: false }, { text: text.slice(hit.from, hit.to), isHit: true });
    at = hit.to;
  }
  parts.push({ text: text.slice(at, end), isHit: false });
  const shown = [from > 0 ? '…' : '', ...parts, end < text.length ? '…' : ''];
  return shown
    .map((part) => (typeof part === 'string' ? { text: part, isHit: false } : part))
    .filter((part) => part.text !== '');
}

/** The next place after a blank, so that no word is cut. */
function wordStart(text: string, from: number): number {
  const blank = text.slice(from, from + before).search(/\s/);
  return blank < 0 ? from : from + blank + 1;
}
