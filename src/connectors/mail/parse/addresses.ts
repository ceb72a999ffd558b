import { canonicalEmail } from '../../../domain/directory/email-address.ts';
import { decodeWords } from './mime/words.ts';
import type { MailAddress } from './model.ts';

/** Limits of an address header in characters, and of its addresses. Only hostile letters exceed them. */
const maxLength = 100_000;
const maxAddresses = 500;
const maxNameLength = 1000;
const maxLocal = 320;

/** Reads an address header as people and programs write it; what contains no address is left out. */
export function parseAddresses(values: readonly string[] | undefined): readonly MailAddress[] {
  const found: MailAddress[] = [];
  for (const value of values ?? []) {
    const header = value.slice(0, maxLength);
    const addresses = addressesIn(header);
    // Some programs encode the name together with the address.
    found.push(...(addresses.length === 0 && header.includes('=?') ? addressesIn(decodeWords(header)) : addresses));
    if (found.length >= maxAddresses) break;
  }
  return found.slice(0, maxAddresses);
}

function addressesIn(header: string): readonly MailAddress[] {
  const found: MailAddress[] = [];
  // The beginning of a name with a comma that should have been quoted: «Иванов, Иван <ivan@…>».
  let before = '';
  for (const entry of entriesOf(header)) {
    const address = addressOf(entry);
    if (address !== null) {
      found.push({ address: address.address, name: nameOf(`${before}${address.name}`, address.address) });
      before = '';
    } else if (entry.trim() !== '' && before.length < maxNameLength) before = `${before}${entry.trim()}, `;
  }
  return found;
}

/** Splits at commas, semicolons and the colon behind a group's name, except within quotation marks, comments and angle brackets. */
function entriesOf(header: string): readonly string[] {
  const entries: string[] = [];
  let from = 0;
  let until = -1;
  const cut = (at: number) => {
    entries.push(header.slice(from, at));
    from = at + 1;
  };
  for (let at = 0; at < header.length && entries.length < 2 * maxAddresses; at++) {
    if (at < until) continue;
    const one = header[at];
    if (one === '"' || one === '<' || one === '(') until = closing(header, at, one);
    else if (one === ',' || one === ';') cut(at);
    // Before it stands the name of a group, not of a person.
    else if (one === ':' && !header.slice(from, at).includes('@') && !/mailto$/i.test(header.slice(from, at)))
      from = at + 1;
  }
  entries.push(header.slice(from));
  return entries;
}

const closings = { '"': '"', '<': '>', '(': ')' } as const;
/** Behind an opening mark its closing one is looked for this far: further away it belongs to something else. */
const maxSpan = 500;

/** Where the closing mark is; the next place if there is none, so that an opening one without it counts as a letter. */
function closing(header: string, from: number, open: '"' | '<' | '('): number {
  const limit = Math.min(header.length, from + maxSpan);
  for (let at = from + 1; at < limit; at++) {
    if (header[at] === '\\') at += 1;
    else if (header[at] === closings[open]) return at + 1;
    // A bracket that was never closed ends with its address.
    else if (open === '<' && (header[at] === ',' || header[at] === ';') && header.slice(from, at).includes('@'))
      return at;
  }
  return from + 1;
}

/** The address of an entry, and all the rest as its name. */
function addressOf(entry: string): { readonly address: string; readonly name: string } | null {
  const open = entry.lastIndexOf('<');
  const bracketed = open === -1 ? null : bare(entry.slice(open + 1).split('>', 1)[0] ?? '');
  if (bracketed !== null) return { address: bracketed, name: entry.slice(0, open) };
  const quoted = /^\s*("[^"]{1,100}"@[^\s<>()",;]{1,255})/.exec(entry.slice(0, 500))?.[1];
  const quotedAddress = quoted === undefined ? null : bare(quoted);
  if (quotedAddress !== null) return { address: quotedAddress, name: '' };
  const at = entry.lastIndexOf('@');
  if (at <= 0) return null;
  let from = at;
  while (from > 0 && at - from < maxLocal && !/[\s<>()[\],;:"]/.test(entry[from - 1] ?? '')) from -= 1;
  const behind = /^[^\s<>()[\],;"]*/.exec(entry.slice(at + 1, at + 256))?.[0] ?? '';
  const end = at + 1 + behind.length;
  const address = bare(entry.slice(from, end));
  return address === null ? null : { address, name: `${entry.slice(0, from)} ${entry.slice(end)}` };
}

/** An address without what does not belong to it; null if it is none. */
function bare(text: string): string | null {
  const word = stripped((text.split('?', 1)[0] ?? '').trim().replace(/^(?:smtp|mailto):/i, ''), "<' \t");
  const compact = word.startsWith('"') ? word : word.replace(/\s/g, '');
  return /^[^@]+@[^@\s]+$/.test(compact.replace(/^"[^"]*"/, 'x')) && compact.length <= 320
    ? canonicalEmail(compact)
    : null;
}

/** The name without quotation marks and brackets; null if it only repeats the address. */
function nameOf(text: string, address: string): string | null {
  const plain = decodeWords(unquoted(text.slice(0, maxNameLength * 4)))
    .replace(/\s+/g, ' ')
    .trim();
  const name = /^\((.*)\)$/.exec(plain)?.[1] ?? stripped(plain, "< '");
  return name === '' || name.toLowerCase() === address ? null : name || null;
}

/** Removes the quotation marks that enclose a name. Those within a name are part of it, as in ООО "Пример". */
function unquoted(text: string): string {
  const bare = stripped(text, '< \t');
  const inner = /^"((?:[^"\\]|\\.)*)"?$/s.exec(bare)?.[1];
  return (inner ?? bare).replace(/\\(["\\])/g, '$1');
}

/** Removes marks from both ends. */
function stripped(text: string, marks: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && marks.includes(text[from] as string)) from += 1;
  while (to > from && marks.includes(text[to - 1] as string)) to -= 1;
  return text.slice(from, to);
}
