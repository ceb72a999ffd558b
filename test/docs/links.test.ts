import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { linksOf } from '../../scripts/docs/markdown.mjs';
import { twinOf } from '../../scripts/docs/pages.mjs';
import { docsLinkOf } from '../../src/config/docs-link.ts';
import { ConfigSchema } from '../../src/config/schema.ts';
import { connectors } from '../../src/connectors/registry.ts';
import { docsLinks, siteAddress } from '../../src/domain/base/docs-links.ts';
import { idsOf, pageOf, pages } from './pages.ts';

const twins = pages.flatMap(({ source, language }) => {
  const twin = language === 'en' ? twinOf(source, existsSync) : null;
  return twin === null ? [] : [[source, twin] as const];
});

/** The problem with an address like `docs/mail.md#settings`, or null. */
function lost(address: string): string | null {
  const [path = '', fragment] = address.split('#');
  const file = path.endsWith('/') ? `${path}README.md` : path;
  if (!existsSync(file)) return `${address}: no such file`;
  if (fragment === undefined || !file.endsWith('.md')) return null;
  return idsOf(pageOf(file)).includes(fragment) ? null : `${address}: no such heading`;
}

/** The same check in each language of the page. */
function lostInAny(address: string): readonly string[] {
  const [path = '', fragment] = address.split('#');
  const twin = twinOf(path, existsSync);
  const others = twin === null ? [] : [`${twin}${fragment === undefined ? '' : `#${fragment}`}`];
  return [address, ...others].flatMap((one) => lost(one) ?? []);
}

describe('links of the documentation', () => {
  it.each(pages.map((page) => [page.source, page] as const))('%s has no broken links', (source, page) => {
    const inside = linksOf(page).filter((href) => !/^[a-z]+:/i.test(href));
    const addresses = inside.map((href) =>
      href.startsWith('#') ? `${source}${href}` : posix.join(posix.dirname(source), href),
    );
    expect(addresses.flatMap((address) => lost(address) ?? [])).toEqual([]);
  });

  it('covers the pages for administrators and operators in both languages', () => {
    const names = twins.map(([source]) => source);
    const needed = ['ten-minutes', 'configuration', 'mail', 'messengers', 'forms', 'desk'];
    expect(names).toEqual(expect.arrayContaining(['README.md', ...needed.map((name) => `docs/${name}.md`)]));
  });

  it.each(twins)('%s and %s link to each other and have the same addresses', (english, russian) => {
    const [one, other] = [pageOf(english), pageOf(russian)];
    const to = (from: string, target: string) => posix.relative(posix.dirname(from), target);
    expect(linksOf(one)).toContain(to(english, russian));
    expect(linksOf(other)).toContain(to(russian, english));
    if (english === 'README.md') return;
    const headings = one.sections.filter(({ depth }) => depth > 1);
    expect(idsOf(other)).toEqual(expect.arrayContaining(headings.map(({ ids }) => ids[0])));
    expect(other.sections.map(({ depth }) => depth)).toEqual(one.sections.map(({ depth }) => depth));
  });

  it('contains no HTML except anchors', () => {
    const html = pages.flatMap(({ source }) =>
      [...withoutCode(readFileSync(source, 'utf8')).matchAll(/<\/?[a-z][^>]*>/g)].map(([tag]) => `${source}: ${tag}`),
    );
    expect(html.filter((one) => !/: <a id="[\w-]+">$|: <\/a>$/.test(one))).toEqual([]);
  });
});

describe('addresses in errors', () => {
  it('exist in each language', () => {
    expect(Object.values(docsLinks).flatMap(lostInAny)).toEqual([]);
  });

  it('exist for each configuration section and kind', () => {
    const sections = Object.keys(ConfigSchema.properties);
    const kinds = Object.keys(connectors);
    const links = [
      ...sections.map((section) => docsLinkOf([section], null)),
      ...kinds.map((kind) => docsLinkOf(['connectors', 'x', 'kind'], kind)),
    ];
    expect(links.flatMap(lostInAny)).toEqual([]);
    expect(docsLinkOf(['lines', '0', 'form', 'token'], null)).toBe('docs/forms.md#settings');
    expect(docsLinkOf(['connectors', 'pbx', 'trunks', '0'], 'asterisk')).toBe('docs/configuration.md#trunks');
    expect(docsLinkOf(['connectors', 'constructor'], 'constructor')).toBe('docs/configuration.md#connectors');
    expect(docsLinkOf(['conectors', 'x'], null)).toBe('docs/configuration.md#the-file');
  });

  it('exist wherever the program links to a page', () => {
    const named = [...sourcesOf('src'), ...sourcesOf('scripts')].flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/docs\/[\w/-]+\.md(?:#[\w-]+)?/g)].map(([address]) => address),
    );
    expect(named.length).toBeGreaterThan(15);
    expect(named.flatMap(lostInAny)).toEqual([]);
  });

  it('have the same names on the site', () => {
    expect(siteAddress(docsLinks.mailLogin, 'en')).toBe('/docs/mail#login-refused');
    expect(siteAddress(docsLinks.mailLogin, 'ru')).toBe('/docs/ru/mail#login-refused');
  });
});

function sourcesOf(folder: string): readonly string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = `${folder}/${name}`;
    if (statSync(path).isDirectory()) return sourcesOf(path);
    return /\.m?[jt]s$/.test(name) ? [path] : [];
  });
}

function withoutCode(text: string): string {
  return text.replace(/^( *)```[\s\S]*?^\1```/gm, '').replace(/`[^`\n]*`/g, '');
}
