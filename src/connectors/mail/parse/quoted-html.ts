import { isOnlyQuoted } from '../../../domain/written/quoted.ts';
import { htmlText } from './html-text.ts';

/** Characters of a tag that are looked at, and places that are tried as the beginning of what is quoted. */
const longestTag = 1000;
const mostPlaces = 5;

/** Where mail programs put what they quote, by the class or id they give it: Gmail, Yahoo, Thunderbird, Proton, Outlook. */
const quoteClass =
  /(^|\s)(gmail_quote|gmail_quote_container|yahoo_quoted|moz-cite-prefix|protonmail_quote|OutlookMessageHeader)(\s|$)/i;
const quoteId = /^(x_)*(divRplyFwdMsg|appendonsend|mail-editor-reference-message-container)$/i;
/** The line that Outlook draws above the header lines of what it quotes. */
const outlookLine = /border\s*:\s*none\s*;\s*border-top\s*:\s*solid\s+#(e1e1e1|b5c4df)/i;

/** What an HTML letter has besides its words. */
export interface HtmlFacts {
  /** Where the quoted history at its end begins, or null where it has none, or nothing else. */
  readonly quotedAt: number | null;
  /** Whether it shows pictures that lie on other servers. */
  readonly remoteImages: boolean;
}

interface Tag {
  readonly at: number;
  readonly name: string;
  readonly text: string;
}

/** Looks an HTML letter over. As in plain text only a quotation at the end is one: who answers between the lines keeps it all. */
export function htmlFacts(html: string): HtmlFacts {
  const places: { readonly at: number; readonly unmarked: boolean }[] = [];
  let remoteImages = false;
  for (const tag of tagsOf(html)) {
    const kind = places.length < mostPlaces ? quoteKind(tag) : null;
    if (kind !== null) places.push({ at: tag.at, unmarked: kind === 'unmarked' });
    remoteImages ||= tag.name === 'img' && /^(https?:|\/\/)/i.test(attribute(tag, 'src').trim());
  }
  const found = places.find(
    ({ at, unmarked }) => htmlText(html.slice(0, at)) !== '' && (unmarked || isOnlyQuoted(htmlText(html.slice(at)))),
  );
  return { quotedAt: found?.at ?? null, remoteImages };
}

/** `unmarked`: whatever stands behind it is quoted, for the program marks it in no other way. */
function quoteKind(tag: Tag): 'marked' | 'unmarked' | null {
  if (tag.name === 'blockquote') return 'marked';
  if (tag.name !== 'div') return null;
  if (quoteId.test(attribute(tag, 'id')) || outlookLine.test(attribute(tag, 'style'))) return 'unmarked';
  return quoteClass.test(attribute(tag, 'class')) ? 'marked' : null;
}

/** The opening tags, as text: what is found in them decides only where to fold. Linear in the length, whatever comes. */
function* tagsOf(html: string): Generator<Tag> {
  for (let at = html.indexOf('<'); at !== -1; at = html.indexOf('<', at + 1)) {
    const head = html.slice(at, at + longestTag);
    const name = /^<(div|blockquote|img)[\s>/]/i.exec(head)?.[1]?.toLowerCase();
    if (name === undefined) continue;
    const end = head.indexOf('>');
    yield { at, name, text: end === -1 ? head : head.slice(0, end) };
    if (end === -1) at += longestTag - 1;
  }
}

function attribute({ text }: Tag, name: string): string {
  const found = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+))`, 'i').exec(text);
  return found?.[1] ?? found?.[2] ?? found?.[3] ?? '';
}
