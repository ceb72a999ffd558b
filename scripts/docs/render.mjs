// Makes HTML of the documentation's Markdown.
import { posix } from 'node:path';
import { Marked } from 'marked';
import { plain, walk } from './markdown.mjs';
import { siteOf } from './pages.mjs';
import { wordsOf } from './words.mjs';

const escaped = (text) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** The way from one page of the site to another. */
export function siteLink(from, to) {
  const folder = posix.relative(posix.dirname(from), posix.dirname(to));
  const name = posix.basename(to) === 'index' ? '' : posix.basename(to);
  const link = folder === '' ? name : `${folder}/${name}`;
  return link === '' ? './' : link;
}

/** Where a link of a page leads on the site; null where the site does not have it (sources, examples of configuration). */
function resolveLink(page, href) {
  if (/^[a-z]+:/i.test(href) || href.startsWith('#')) return href;
  const [path, fragment] = href.split('#', 2);
  const file = posix.join(posix.dirname(page.source), path);
  const hash = fragment === undefined ? '' : `#${fragment}`;
  if (file.startsWith('docs/images/')) return siteLink(page.site, file.slice('docs/'.length));
  const site = siteOf(path.endsWith('/') ? `${file}README.md` : file);
  return site === null ? null : siteLink(page.site, site) + hash;
}

function markedFor(page) {
  const renderer = {
    link({ href, tokens }) {
      const to = resolveLink(page, href);
      const text = this.parser.parseInline(tokens);
      if (to === null) return text;
      const outside = /^https?:/.test(to) ? ' rel="noopener noreferrer"' : '';
      return `<a href="${escaped(to)}"${outside}>${text}</a>`;
    },
    image({ href, text }) {
      return `<img src="${escaped(resolveLink(page, href))}" alt="${escaped(text)}" loading="lazy">`;
    },
    code({ text, lang }) {
      // A chart of GitHub's; the figures stand in a table beside it.
      if (lang === 'mermaid') return '';
      return `<pre tabindex="0"><code>${escaped(text)}</code></pre>\n`;
    },
    html({ raw }) {
      return escaped(raw);
    },
    table(token) {
      const cells = (tag, row) =>
        row.map(({ tokens }) => `<${tag}>${this.parser.parseInline(tokens)}</${tag}>`).join('');
      const head = token.header.some(({ text }) => text !== '')
        ? `<thead><tr>${cells('th', token.header)}</tr></thead>`
        : '';
      const rows = token.rows.map((row) => `<tr>${cells('td', row)}</tr>`).join('\n');
      return `<div class="table"><table>${head}<tbody>\n${rows}\n</tbody></table></div>\n`;
    },
  };
  return new Marked({ renderer });
}

/** A paragraph that is only the link to the other language: on the site that stands at the top. */
function isLanguageLink({ type, raw }) {
  return type === 'paragraph' && /^\[(?:English|Русский)\]\([^)]*\)$/.test(raw.trim());
}

/** The body of a page. */
export function renderSections(page) {
  const marked = markedFor(page);
  return page.sections
    .map(({ heading, depth, ids, inline, tokens }) => {
      const [id = '', ...others] = ids;
      const anchors = others.map((other) => `<a id="${other}"></a>`).join('');
      const title = marked.Parser.parseInline(inline, marked.defaults);
      const mark = depth === 1 ? '' : ` <a class="mark" href="#${id}" aria-label="${escaped(heading)}">#</a>`;
      const head = heading === '' ? '' : `<h${depth} id="${id}">${anchors}${title}${mark}</h${depth}>\n`;
      return head + marked.parser(tokens.filter((token) => !isLanguageLink(token)));
    })
    .join('\n');
}

/** A whole page. */
export function renderPage({ page, twin, menu, body }) {
  const words = wordsOf[page.language];
  const link = (source) => siteLink(page.site, siteOf(source));
  const root = posix.relative(posix.dirname(page.site), '.');
  const base = root === '' ? './' : `${root}/`;
  const other = twin ?? (page.language === 'en' ? 'README.ru.md' : 'README.md');
  const entries = menu.map(({ title, entries: items }) => {
    const rows = items.map(
      ({ source, title: text }) =>
        `<li><a href="${link(source)}"${source === page.source ? ' aria-current="page"' : ''}>${escaped(source.startsWith('README') ? words.overview : text)}</a></li>`,
    );
    return `<h2>${escaped(title)}</h2>\n<ul>${rows.join('')}</ul>`;
  });
  const headings = page.sections.filter(({ depth }) => depth === 2);
  const toc = headings.map(({ heading, ids }) => `<li><a href="#${ids[0]}">${escaped(heading)}</a></li>`).join('');
  return `<!doctype html>
<html lang="${page.language}" data-root="${base}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(page.title)} · Patchbay</title>
<link rel="icon" href="${base}assets/icon.svg">
<link rel="stylesheet" href="${base}assets/site.css">
<script type="module" src="${base}assets/search.js"></script>
</head>
<body>
<a class="skip" href="#content">${words.skip}</a>
<header>
<a class="brand" href="${link(page.language === 'ru' ? 'README.ru.md' : 'README.md')}">Patchbay</a>
<search><input id="search" class="search" type="search" placeholder="${words.search}" aria-label="${words.search}" autocomplete="off" data-none="${words.none}"><div id="found" class="found" role="status" hidden></div></search>
<a class="language" href="${link(other)}" hreflang="${words.otherCode}" lang="${words.otherCode}">${words.other}</a>
</header>
<div class="columns">
<nav class="menu" aria-label="${words.menu}"><details open><summary>${words.menu}</summary>
${entries.join('\n')}
</details></nav>
<main id="content">
${body}
</main>
${toc === '' ? '' : `<nav class="toc" aria-label="${words.toc}"><h2>${words.toc}</h2><ul>${toc}</ul></nav>`}
</div>
</body>
</html>
`;
}

/** What is searched of a page: one entry a section. */
export function searchEntries(page) {
  return page.sections.map(({ heading, ids, tokens }) => ({
    page: page.title,
    heading,
    url: `${page.site === 'index' ? '' : page.site.replace(/\/index$/, '/')}${ids[0] === undefined ? '' : `#${ids[0]}`}`,
    text: textOf(tokens),
  }));
}

function textOf(tokens) {
  const texts = [];
  for (const token of walk(tokens)) {
    if (token.type === 'code') texts.push(token.text);
    else if (token.type === 'table')
      texts.push(...[token.header, ...token.rows].map((row) => row.map(({ tokens: cell }) => plain(cell)).join(' ')));
    else if (token.type === 'paragraph' || (token.type === 'text' && token.tokens)) texts.push(plain(token.tokens));
  }
  return [...new Set(texts)].join(' ').replace(/\s+/g, ' ').trim();
}
