// Renders the documentation to static pages with an index to search in: node scripts/docs.mjs [FOLDER], dist/docs by default.
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { readPage } from './docs/markdown.mjs';
import { menuOf, pagesOf, twinOf } from './docs/pages.mjs';
import { renderPage, renderSections, searchEntries } from './docs/render.mjs';

const target = resolve(process.argv[2] ?? 'dist/docs');
process.chdir(fileURLToPath(new URL('..', import.meta.url)));

function write(path, text) {
  const file = join(target, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

const pages = pagesOf(existsSync).map((page) => ({ ...page, ...readPage(readFileSync(page.source, 'utf8')) }));
const titles = new Map(pages.map(({ source, title }) => [source, title]));

for (const page of pages) {
  const twin = twinOf(page.source, (path) => titles.has(path));
  const menu = menuOf(page.language).map(({ title, sources }) => ({
    title,
    entries: sources.filter((source) => titles.has(source)).map((source) => ({ source, title: titles.get(source) })),
  }));
  write(`${page.site}.html`, renderPage({ page, twin, menu, body: renderSections(page) }));
}
for (const language of ['en', 'ru']) {
  const entries = pages.filter((page) => page.language === language).flatMap((page) => searchEntries(page));
  write(`search.${language}.json`, JSON.stringify(entries.map((entry, id) => ({ id, ...entry }))));
}
cpSync('docs/images', join(target, 'images'), { recursive: true });
cpSync('web/public/icon.svg', join(target, 'assets/icon.svg'));
cpSync('scripts/docs/site/site.css', join(target, 'assets/site.css'));
buildSync({
  entryPoints: ['scripts/docs/site/search.js'],
  outfile: join(target, 'assets/search.js'),
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  legalComments: 'none',
});
