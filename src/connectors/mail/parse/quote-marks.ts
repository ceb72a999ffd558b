import type { LetterLine } from '../../../domain/written/quoted/lines.ts';

type Attributes = Readonly<Record<string, string>>;

/** What an element says about quotations. */
interface QuoteMark {
  /** See {@link LetterLine.begins}; null if nothing. */
  readonly begins: NonNullable<LetterLine['begins']> | null;
  /** Whether its content is marked as quoted: 1 or 0 levels. */
  readonly quotes: 0 | 1;
  /** Whether it is the blue bar that The Bat! draws beside a quotation, in a table. */
  readonly bar: boolean;
}

const none: QuoteMark = { begins: null, quotes: 0, bar: false };

/** Introductions, and elements around an introduction and its `<blockquote>`: Gmail, Thunderbird, Roundcube. */
const quoteClass = /^(?:x_)*(?:gmail_quote|gmail_quote_container|moz-cite-prefix)$/i;
const quoteId = /^(?:x_)*(?:reply-intro|isReplyContent)$/i;
/** Elements that contain a quotation without marking it otherwise: Yahoo, Proton, Tuta, GMX. */
const containerClass = /^(?:x_)*(?:[a-z0-9]{0,40}yahoo_quoted|protonmail_quote|tutanota_quote|skiff_quote)$/i;
/** Elements above an earlier letter that is not marked: Outlook, Zoho. */
const restClass = /^(?:x_)*(?:OutlookMessageHeader|zmail_extra)$/i;
const restId =
  /^(?:x_)*(?:divRplyFwdMsg|appendonsend|mail-editor-reference-message-container|ms-outlook-mobile-body-separator-line|stopSpelling|zwchr)$/i;
const zimbraMarkers: ReadonlySet<string> = new Set(['__DIVIDER__', '__QUOTED_TEXT__', '__HEADERS__']);
/** The line that Outlook draws above the headers of an earlier letter. */
const outlookLine = /border\s*:\s*none\s*;\s*border-top\s*:\s*solid\s+#(?:e1e1e1|b5c4df)/i;

/** What an element says about quotations. */
export function quoteMark(name: string, attributes: Attributes): QuoteMark {
  if (name === 'blockquote') return blockquoteMark(attributes);
  if (name === 'td') return { ...none, bar: /^#?0000ff$/i.test(attributes.bgcolor?.trim() ?? '') };
  const { id = '', class: classes = '', style = '' } = attributes;
  const named = (pattern: RegExp) =>
    classes
      .slice(0, 500)
      .split(/\s+/)
      .some((one) => pattern.test(one));
  const marker = zimbraMarkers.has(attributes['data-marker'] ?? '');
  if (restId.test(id) || marker || named(restClass) || (name === 'div' && outlookLine.test(style.slice(0, 500))))
    return { ...none, begins: 'rest' };
  if (name === 'div' && (named(containerClass) || attributes.name === 'quote'))
    return { ...none, begins: 'quote', quotes: 1 };
  return quoteId.test(id) || named(quoteClass) ? { ...none, begins: 'quote' } : none;
}

/** Mail programs draw a bar beside a quotation; people indent their own words, in some programs by the same element. */
function blockquoteMark({ type = '', cite, class: classes = '', style = '' }: Attributes): QuoteMark {
  const isBar = /border-left(?!\s*:\s*(?:none|0))/i.test(style.slice(0, 500));
  const isQuote = type.toLowerCase() === 'cite' || cite !== undefined || /quot/i.test(classes.slice(0, 500)) || isBar;
  if (isQuote) return { ...none, begins: 'quote', quotes: 1 };
  return /margin/i.test(style.slice(0, 500)) ? none : { ...none, quotes: 1 };
}

/** Whether the line breaks in an element's text are kept. */
export function isPreformatted(name: string, { style = '' }: Attributes): boolean {
  return name === 'pre' || /white-space\s*:\s*pre/i.test(style.slice(0, 500));
}
