import { isOnlyQuoted } from '../../../domain/written/quoted.ts';
import { htmlText } from './html-text.ts';

/** Limit of a tag in characters, and of places that are tried as the start of the quotation. */
const maxTagLength = 1000;
const maxPlaces = 5;

/** Classes and ids of elements in which mail programs put quotations: Gmail, Yahoo, Thunderbird, Proton, Outlook. */
const quoteClass =
  /(^|\s)(gmail_quote|gmail_quote_container|yahoo_quoted|moz-cite-prefix|protonmail_quote|OutlookMessageHeader)(\s|$)/i;
const quoteId = /^(x_)*(divRplyFwdMsg|appendonsend|mail-editor-reference-message-container)$/i;
/** The line that Outlook draws above the headers of a quotation. */
const outlookLine = /border\s*:\s*none\s*;\s*border-top\s*:\s*solid\s+#(e1e1e1|b5c4df)/i;

/** Facts about an HTML letter. */
export interface HtmlFacts {
  /** Where the quoted history at the end begins; null if there is none, or nothing else. */
  readonly quotedAt: number | null;
  /** Whether it contains images from other servers. */
  readonly remoteImages: boolean;
}

interface Tag {
  readonly at: number;
  readonly name: string;
  readonly text: string;
}

/** Analyses an HTML letter. As in plain text, only a quotation at the end counts: with answers between the lines, all is kept. */
export function htmlFacts(html: string): HtmlFacts {
  const places: { readonly at: number; readonly unmarked: boolean }[] = [];
  let remoteImages = false;
  for (const tag of tagsOf(html)) {
    const kind = places.length < maxPlaces ? quoteKind(tag) : null;
    if (kind !== null) places.push({ at: tag.at, unmarked: kind === 'unmarked' });
    remoteImages ||= tag.name === 'img' && /^(https?:|\/\/)/i.test(attribute(tag, 'src').trim());
  }
  const found = places.find(
    ({ at, unmarked }) => htmlText(html.slice(0, at)) !== '' && (unmarked || isOnlyQuoted(htmlText(html.slice(at)))),
  );
  return { quotedAt: found?.at ?? null, remoteImages };
}

/** `unmarked` means that everything after the tag is quoted, because the mail program does not mark it otherwise. */
function quoteKind(tag: Tag): 'marked' | 'unmarked' | null {
  if (tag.name === 'blockquote') return 'marked';
  if (tag.name !== 'div') return null;
  if (quoteId.test(attribute(tag, 'id')) || outlookLine.test(attribute(tag, 'style'))) return 'unmarked';
  return quoteClass.test(attribute(tag, 'class')) ? 'marked' : null;
}

/** The opening tags as text. Takes linear time. They need not be parsed exactly, as they only determine where to fold the letter. */
function* tagsOf(html: string): Generator<Tag> {
  for (let at = html.indexOf('<'); at !== -1; at = html.indexOf('<', at + 1)) {
    const head = html.slice(at, at + maxTagLength);
    const name = /^<(div|blockquote|img)[\s>/]/i.exec(head)?.[1]?.toLowerCase();
    if (name === undefined) continue;
    const end = head.indexOf('>');
    yield { at, name, text: end === -1 ? head : head.slice(0, end) };
    if (end === -1) at += maxTagLength - 1;
  }
}

function attribute({ text }: Tag, name: string): string {
  const found = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+))`, 'i').exec(text);
  return found?.[1] ?? found?.[2] ?? found?.[3] ?? '';
}
