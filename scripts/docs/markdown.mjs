// Reads the documentation's Markdown: its sections with their addresses, its links, its examples.
import { marked } from 'marked';

const anchor = /<a id="([\w-]+)"><\/a>/g;
const onlyAnchors = /^(?:<a id="[\w-]+"><\/a>\s*)+$/;

/** The address that GitHub gives a heading. */
export function slugOf(heading) {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-');
}

/** A heading's text without Markdown. */
export function plain(tokens) {
  return tokens
    .map((token) =>
      token.type === 'html' ? '' : 'tokens' in token && token.tokens ? plain(token.tokens) : (token.text ?? ''),
    )
    .join('')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>');
}

/**
 * A page in sections, each with its heading, its addresses (those written before it as `<a id>`, then GitHub's) and its tokens.
 * The first section is what stands before any heading below the title.
 */
export function readPage(text) {
  const sections = [];
  const slugs = new Map();
  let pending = [];
  let title = '';
  for (const token of marked.lexer(text)) {
    if ((token.type === 'paragraph' || token.type === 'html') && onlyAnchors.test(token.raw.trim())) {
      pending.push(...[...token.raw.matchAll(anchor)].map(([, id]) => id));
      continue;
    }
    if (token.type === 'heading') {
      const heading = plain(token.tokens);
      const slug = slugOf(heading);
      const times = slugs.get(slug) ?? 0;
      slugs.set(slug, times + 1);
      if (token.depth === 1) title = heading;
      const ids = [...pending, times === 0 ? slug : `${slug}-${times}`];
      sections.push({ heading, depth: token.depth, ids, inline: token.tokens, tokens: [] });
      pending = [];
      continue;
    }
    if (sections.length === 0) sections.push({ heading: '', depth: 1, ids: [], inline: [], tokens: [] });
    sections.at(-1).tokens.push(token);
  }
  return { title, sections };
}

/** Each token of a list, and of those within them. */
export function* walk(tokens) {
  for (const token of tokens) {
    yield token;
    if (token.type === 'table') {
      for (const cell of [...token.header, ...token.rows.flat()]) yield* walk(cell.tokens);
    } else if (token.type === 'list') {
      for (const item of token.items) yield* walk(item.tokens);
    } else if (token.tokens) yield* walk(token.tokens);
  }
}

/** The links and images of a page, as they are written. */
export function linksOf({ sections }) {
  const tokens = sections.flatMap((section) => [...section.inline, ...section.tokens]);
  return [...walk(tokens)].filter(({ type }) => type === 'link' || type === 'image').map(({ href }) => href);
}

/** The fenced examples of a page: their language, their text, the heading they stand under. */
export function examplesOf({ sections }) {
  return sections.flatMap(({ heading, tokens }) =>
    [...walk(tokens)]
      .filter(({ type, codeBlockStyle }) => type === 'code' && codeBlockStyle !== 'indented')
      .map(({ lang, text }) => ({ language: lang ?? '', text, heading })),
  );
}
