import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix, relative } from 'node:path';
import MiniSearch from 'minisearch';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toTerm } from '../../scripts/docs/site/terms.js';
import { openOffice } from '../support/office.ts';
import { pages } from './pages.ts';

interface Entry {
  readonly id: number;
  readonly page: string;
  readonly heading: string;
  readonly url: string;
  readonly text: string;
}

let root = '';
let files: readonly string[] = [];
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'patchbay-site-'));
  const { status, stderr } = spawnSync(process.execPath, ['scripts/docs.mjs', root], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  files = filesOf(root).map((file) => relative(root, file));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const read = (file: string) => readFileSync(join(root, file), 'utf8');
const html = () => files.filter((file) => file.endsWith('.html'));
const attributes = (text: string, name: string) =>
  [...text.matchAll(new RegExp(`<[^>]* ${name}="([^"]*)"`, 'g'))].map(([, value]) => value ?? '');

describe('the site of the documentation', () => {
  it('contains each page', () => {
    expect(html().toSorted()).toEqual(pages.map(({ site }) => `${site}.html`).toSorted());
  });

  it('has no broken links', () => {
    const lost = html().flatMap((file) => {
      const text = read(file);
      const links = [...attributes(text, 'href'), ...attributes(text, 'src')].filter((to) => !/^https?:/.test(to));
      return links.filter((to) => !linkExists(file, to)).map((to) => `${file}: ${to}`);
    });
    expect(lost).toEqual([]);
  });

  it('loads nothing from other servers and has no inline scripts', () => {
    const text = html().map(read).join('\n');
    expect([...attributes(text, 'src')].filter((to) => /^(https?:)?\/\//.test(to))).toEqual([]);
    expect(text).not.toMatch(/<link[^>]+href="(https?:)?\/\//);
    expect(text).not.toMatch(/<script(?![^>]* src=)/);
    expect(text).not.toMatch(/ style=| on[a-z]+="/);
    expect(read('assets/site.css')).not.toMatch(/url\(|@import/);
  });

  it.each([
    ['en', 'retention', 'operations#retention'],
    ['en', 'clickToCall', 'configuration#click-to-call'],
    ['en', 'app passwords', 'mail#'],
    ['ru', 'правила маршрутизации', 'ru/configuration#routing'],
    ['ru', 'резервную копию', 'ru/backup'],
    ['ru', 'пароль приложения', 'ru/mail#'],
  ])('in %s, a search for "%s" finds the page', (language, query, expected) => {
    const entries = JSON.parse(read(`search.${language}.json`)) as Entry[];
    const index = new MiniSearch<Entry>({
      fields: ['heading', 'page', 'text'],
      storeFields: ['url'],
      processTerm: toTerm,
    });
    index.addAll(entries);
    const options = { boost: { heading: 4, page: 2 }, prefix: true, combineWith: 'AND' as const };
    const urls = index
      .search(query, options)
      .slice(0, 5)
      .map((hit) => hit.url as string);
    expect(urls.some((url) => url.startsWith(expected))).toBe(true);
  });

  it('is public, with its own content security policy', async () => {
    const office = await openOffice({ settings: { docsRoot: root } });
    try {
      const ask = (path: string) => fetch(`${office.url}${path}`, { redirect: 'manual' });
      const page = await ask('/docs/ru/mail');
      expect(page.status).toBe(200);
      expect(page.headers.get('content-type')).toMatch(/^text\/html/);
      expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self';/);
      expect(await page.text()).toContain('<html lang="ru"');
      expect((await ask('/docs')).headers.get('location')).toBe('/docs/');
      expect(await (await ask('/docs/')).text()).toContain('<title>Patchbay');
      expect(await (await ask('/docs/ru/')).text()).toContain('<html lang="ru"');
      expect((await ask('/docs/mail.md')).headers.get('location')).toBe('/docs/mail');
      expect((await ask('/docs/assets/search.js')).headers.get('content-type')).toMatch(/javascript/);
      const lost = await ask('/docs/nothing');
      expect(lost.status).toBe(404);
      expect(await lost.text()).toContain('href="/docs/"');
      expect((await ask('/docs/..%2f..%2fetc/passwd')).status).not.toBe(200);
    } finally {
      await office.close();
    }
  });

  it('explains how to build it if it has not been built', async () => {
    const office = await openOffice();
    try {
      const answer = await fetch(`${office.url}/docs/`);
      expect(answer.status).toBe(503);
      expect(await answer.json()).toMatchObject({ detail: expect.stringContaining('npm run build') });
    } finally {
      await office.close();
    }
  });
});

/** Whether a link of a page leads to an existing file and anchor. */
function linkExists(file: string, link: string): boolean {
  const [path = '', fragment] = link.split('#');
  const target = path === '' ? file : posix.join(posix.dirname(file), path);
  const found = [target, `${target}.html`, posix.join(target, 'index.html')].find((one) => files.includes(one));
  if (found === undefined) return false;
  return fragment === undefined || attributes(read(found), 'id').includes(fragment);
}

function filesOf(folder: string): readonly string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesOf(path) : [path];
  });
}
