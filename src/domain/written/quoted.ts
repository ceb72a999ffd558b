/** A reply's own text, and the quotation below it (empty if nothing is folded). */
export interface Folded {
  readonly own: string;
  readonly quoted: string;
}

/** Lines that mail programs put above quotations and people do not write themselves. */
const separators = [
  /^-{2,}\s*(original message|исходное сообщение|пересланное сообщение|forwarded message|ursprüngliche nachricht|message d'origine)\s*-{2,}$/i,
  /^_{20,}$/,
  /^(on|am|le|el)\s.{4,200}(wrote|schrieb|a écrit|escribió)\s*:$/i,
  /^.{0,120}(пишет|написал|написала|написал\(а\)|написано)\s*:$/i,
  /^\d{1,2}[./]\d{1,2}[./]\d{2,4}.{0,120}(пишет|wrote)\s*:$/i,
];
/** The beginning of such lines with a date, up to the address of the sender. */
const days = [/^\d{4}-\d{2}-\d{2}.{0,160}$/, /^(?:\S+\s+){0,4}\d{1,2}\s\S+\s\d{4}(\s?г\.)?,?\s.{0,120}$/i];
/** Longer lines are ordinary text. */
const maxSeparatorLength = 400;
const headerLine = /^\*?(from|sent|to|subject|date|от|от кого|отправлено|дата|кому|тема)\*?\s*:\s*\S/i;

/**
 * Folds the quoted history at the end of a reply. Nothing is folded if there are answers between quoted lines, which make no sense
 * without them, or if the letter is only a quotation.
 */
export function foldQuoted(text: string): Folded {
  const lines = text.replace(/\r\n?/g, '\n').split('\n');
  const cut = firstQuoted(lines);
  if (cut === null) return { own: text.trim(), quoted: '' };
  const own = lines.slice(0, cut).join('\n').trim();
  if (own === '') return { own: text.trim(), quoted: '' };
  return { own, quoted: lines.slice(cut).join('\n').trim() };
}

/** The sender's own lines, without any quoted ones; empty for a text that is only a quotation. */
export function ownWords(text: string): string {
  const lines = text.split('\n');
  const own = lines.slice(0, firstQuoted(lines) ?? lines.length);
  return own.filter((line) => !line.trimStart().startsWith('>')).join('\n');
}

function firstQuoted(lines: readonly string[]): number | null {
  for (const [i, line] of lines.entries()) {
    const text = line.trim();
    if (isSeparator(lines, i)) return onlyQuotedFrom(lines, i, !text.endsWith(':')) ? i : null;
  }
  let start = lines.length;
  while (start > 0 && isQuote(lines[start - 1] ?? '')) start -= 1;
  if (!lines.slice(start).some((line) => line.trimStart().startsWith('>'))) return null;
  return lines.slice(0, start).some((line) => line.trimStart().startsWith('>')) ? null : start;
}

/** Whether a separator begins at a line. It may be wrapped into two lines, or be Outlook's block of header lines. */
function isSeparator(lines: readonly string[], i: number): boolean {
  const one = (lines[i] ?? '').trim();
  if (one === '' || one.startsWith('>') || one.length > maxSeparatorLength) return false;
  if (separators.some((separator) => separator.test(one)) || namesSender(one)) return true;
  const next = (lines[i + 1] ?? '').slice(0, maxSeparatorLength).trim();
  const two = `${one} ${next}`;
  const wrapped = !one.endsWith(':') && two.endsWith(':') && two.length < maxSeparatorLength;
  if (wrapped && (separators.slice(2).some((it) => it.test(two)) || namesSender(two))) return true;
  return [0, 1, 2].every((n) => headerLine.test((lines[i + n] ?? '').slice(0, maxSeparatorLength).trim()));
}

/** Matches `2024-01-31 12:30 GMT+03:00 Anna <anna@example.ru>:`. Parsed from the end, in linear time. */
function namesSender(line: string): boolean {
  if (!line.endsWith(':')) return false;
  const sender = line.slice(0, -1).trimEnd();
  const open = sender.lastIndexOf('<');
  if (open === -1 || !sender.endsWith('>')) return false;
  const address = sender.slice(open + 1, -1);
  const at = address.indexOf('@');
  return at > 0 && at < address.length - 1 && days.some((day) => day.test(sender.slice(0, open)));
}

/** Whether a text is only a quotation, with or without an introducing line. */
export function isOnlyQuoted(text: string): boolean {
  return onlyQuotedFrom(text.split('\n'), -1, false);
}

/** Whether only quoted lines follow a separator. If none are marked with `>`, all count as quoted. */
function onlyQuotedFrom(lines: readonly string[], at: number, unmarked: boolean): boolean {
  const rest = lines.slice(at + 1);
  const marked = rest.filter((line) => line.trimStart().startsWith('>'));
  if (unmarked || marked.length === 0) return true;
  const last = rest.findLastIndex((line) => line.trimStart().startsWith('>'));
  const first = rest.findIndex((line) => line.trimStart().startsWith('>'));
  const between = rest.slice(Math.max(0, first), last + 1).filter((line) => !isQuote(line));
  const after = rest.slice(last + 1).filter((line) => line.trim() !== '');
  return between.length === 0 && (after.length === 0 || /^--\s*$/.test(after[0] ?? ''));
}

function isQuote(line: string): boolean {
  return line.trim() === '' || line.trimStart().startsWith('>');
}
