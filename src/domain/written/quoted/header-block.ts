import { languages, type QuoteLanguage } from './languages.ts';
import { bare, hasAddress, hasTime, isRow, type LetterLine, wordsIn } from './lines.ts';

type Role = keyof QuoteLanguage['headers'];

const roles: ReadonlyMap<string, Role> = new Map(
  Object.values(languages).flatMap(({ headers }) =>
    Object.entries(headers).flatMap(([role, labels]) => labels.map((label) => [label, role as Role] as const)),
  ),
);

/** Limits: of a label in characters, of the lines of a block, and of the lines that continue a long list of recipients. */
const maxLabelLength = 24;
const maxBlockLines = 16;
const maxContinued = 4;

/**
 * Whether a letter's header is repeated at a line, as Outlook does above a letter that it does not mark as quoted. People write lines
 * like these themselves, in orders and forms. So it must name the sender first, with an address or with all that Outlook tells, and end
 * with a blank line unless it has both. Below a title or a row between dashes (`titled`), fewer and other lines suffice.
 */
export function isHeaderBlock(lines: readonly LetterLine[], at: number, titled: boolean): boolean {
  const found = new Map<Role, string>();
  let continued = 0;
  let i = at;
  for (; i < Math.min(lines.length, at + maxBlockLines); i += 1) {
    const line = bare(lines[i]);
    if (line === '') break;
    const header = headerOf(line);
    if (header === null) {
      continued += 1;
      if (found.size === 0 || continued > maxContinued) return false;
      if (!hasMoreHeaders(lines, i)) break;
      continue;
    }
    if (found.size === 0 && header.role !== 'from' && !titled) return false;
    if (!found.has(header.role)) found.set(header.role, header.value);
  }
  const dated = found.has('sent') || found.has('date');
  if (!found.has('from') || !dated || !(found.has('to') || found.has('subject'))) return false;
  if (titled) return true;
  const ended = i >= lines.length || bare(lines[i]) === '';
  const addressed = hasAddress(found.get('from') ?? '');
  // With all of that, it is a header also without the blank line that some programs lose.
  return ended ? addressed || isComplete(found) : addressed && isComplete(found);
}

function isComplete(found: ReadonlyMap<Role, string>): boolean {
  return found.has('to') && found.has('subject') && hasTime(wordsIn(found.get('sent') ?? ''));
}

/** Whether a header line follows soon, so that this one continues a long header. */
function hasMoreHeaders(lines: readonly LetterLine[], at: number): boolean {
  for (let i = at + 1; i <= at + maxContinued; i += 1) {
    const line = bare(lines[i]);
    if (line === '') return false;
    if (headerOf(line) !== null) return true;
  }
  return false;
}

/** The number of lines of Yandex's short header above an introduction: a row, then recipients and the subject, each with a semicolon. */
export function shortHeaderAt(lines: readonly LetterLine[], at: number): number {
  if (!isRow(bare(lines[at]))) return 0;
  let i = at + 1;
  while (i < at + maxBlockLines && isShortHeader(bare(lines[i]))) i += 1;
  return i === at + 1 ? 0 : i - at;
}

function isShortHeader(line: string): boolean {
  const role = line.endsWith(';') ? headerOf(line)?.role : undefined;
  return role === 'to' || role === 'cc' || role === 'subject';
}

/** A line such as `From: Ivan`, also `*From:* Ivan`. */
function headerOf(line: string): { readonly role: Role; readonly value: string } | null {
  const colon = line.slice(0, maxLabelLength + 3).search(/[:：]/);
  if (colon <= 0) return null;
  const label = line.slice(0, colon).replaceAll('*', '').trim().toLowerCase();
  const role = roles.get(label);
  return role === undefined
    ? null
    : {
        role,
        value: line
          .slice(colon + 1)
          .replaceAll('*', '')
          .trim(),
      };
}
