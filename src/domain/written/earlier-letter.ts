import { beginning } from '../base/clean-text.ts';
import { toWallClock } from '../base/zoned-time.ts';
import { cleanText } from '../directory/identifiers.ts';
import type { Interaction } from '../interaction/interaction.ts';

/** An earlier letter as it is repeated below the text of a new one. It is fixed when the new letter is written, so a retry sends the same. */
export interface EarlierLetter {
  /** Quoted by an answer with marks, or passed on as it is. */
  readonly how: 'quoted' | 'forwarded';
  /** Who wrote it and when: one line above a quotation, several above a forwarded letter. */
  readonly head: string;
  readonly text: string;
}

/** How times and labels are written. */
export interface LetterLocale {
  readonly language: 'ru' | 'en';
  readonly timezone: string;
}

type Repeated = Pick<
  Interaction,
  'direction' | 'party' | 'handledBy' | 'line' | 'startedAt' | 'subject' | 'text' | 'deletedAt'
>;

/** Maximum characters of a quotation. A conversation of long letters must not grow with each answer. */
export const maxQuoted = 20_000;
/** Maximum characters of a name in the lines above. A longer introduction would not be recognised as one. */
const maxName = 100;

const words = {
  en: {
    forwarded: 'Forwarded message',
    from: 'From',
    date: 'Date',
    subject: 'Subject',
    to: 'To',
    introduction: (when: string, who: string) => `On ${when}, ${who} wrote:`,
  },
  ru: {
    forwarded: 'Пересылаемое сообщение',
    from: 'От',
    date: 'Дата',
    subject: 'Тема',
    to: 'Кому',
    introduction: (when: string, who: string) => `${when}, ${who} пишет:`,
  },
} as const;

/** The quotation of a letter for an answer to it, or null if there is nothing to quote. */
export function quotedLetter(letter: Repeated, { language, timezone }: LetterLocale): EarlierLetter | null {
  const text = (letter.deletedAt == null ? letter.text : null)?.trim() ?? '';
  if (text === '') return null;
  const head = words[language].introduction(localTime(letter.startedAt, timezone), authorOf(letter));
  return { how: 'quoted', head, text: text.length > maxQuoted ? `${beginning(text, maxQuoted).trimEnd()}…` : text };
}

/** A letter that is passed on to somebody else, with the lines that say whose it is. */
export function forwardedLetter(letter: Repeated, { language, timezone }: LetterLocale): EarlierLetter {
  const { forwarded, from, date, subject, to } = words[language];
  const lines = [
    `-------- ${forwarded} --------`,
    `${from}: ${authorOf(letter)}`,
    `${date}: ${localTime(letter.startedAt, timezone)}`,
    `${subject}: ${cleanText(letter.subject ?? '', 998)}`,
    `${to}: ${recipientOf(letter)}`,
  ];
  return {
    how: 'forwarded',
    head: lines.join('\n'),
    text: (letter.deletedAt == null ? letter.text : null)?.trim() ?? '',
  };
}

/** A text with the earlier letter below it, as plain text. */
export function withEarlier(text: string, earlier: EarlierLetter | undefined): string {
  if (earlier === undefined) return text;
  const { how, head } = earlier;
  const lines = earlier.text
    .split('\n')
    .map((line) => (line === '' || line.startsWith('>') ? `>${line}` : `> ${line}`));
  const below = how === 'quoted' ? `${head}\n${lines.join('\n')}` : `${head}\n\n${earlier.text}`;
  return `${text.trimEnd()}${text.trim() === '' ? '' : '\n\n'}${below.trimEnd()}\n`;
}

function authorOf(letter: Repeated): string {
  return letter.direction === 'outbound' ? ours(letter, letter.handledBy?.name) : theirs(letter);
}

function recipientOf(letter: Repeated): string {
  return letter.direction === 'outbound' ? theirs(letter) : ours(letter, undefined);
}

function theirs({ party }: Repeated): string {
  return address(party.name, party.email);
}

function ours({ line }: Repeated, name: string | undefined): string {
  const at = line?.address ?? '';
  return address(name ?? line?.label ?? null, at.includes('@') ? at : null);
}

/** A name and an address in one line. Brackets in a name could pass for those of the address. */
function address(name: string | null, email: string | null): string {
  const clean = beginning(cleanText(name ?? '', maxName).replace(/[<>]/g, ''), maxName).trim();
  if (email === null) return clean;
  return clean === '' || clean === email ? email : `${clean} <${email}>`;
}

/** `15.09.2026 14:41`, as programs in both languages understand it. */
function localTime(time: string, timezone: string): string {
  const [day = '', clock = ''] = new Date(toWallClock(Date.parse(time), timezone)).toISOString().split('T');
  return `${day.split('-').reverse().join('.')} ${clock.slice(0, 5)}`;
}
