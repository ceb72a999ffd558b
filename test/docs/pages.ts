import { existsSync, readFileSync } from 'node:fs';
import { type Example, examplesOf, type ReadPage, readPage } from '../../scripts/docs/markdown.mjs';
import { type DocsPage, pagesOf } from '../../scripts/docs/pages.mjs';

/** A parsed page of the documentation. */
export interface TestPage extends DocsPage, ReadPage {}

/** Every page of the documentation. */
export const pages: readonly TestPage[] = pagesOf(existsSync).map((page) => ({
  ...page,
  ...readPage(readFileSync(page.source, 'utf8')),
}));

/** The page of a file; throws if there is none. */
export function pageOf(source: string): TestPage {
  const page = pages.find((one) => one.source === source);
  if (page === undefined) throw new Error(`${source} is no page of the documentation`);
  return page;
}

/** Every address of a page. */
export function idsOf(page: ReadPage): readonly string[] {
  return page.sections.flatMap(({ ids }) => ids);
}

/** The examples in some languages, with their locations. docs/rest.md has a test of its own. */
export function examples(...languages: readonly string[]): readonly (Example & { readonly where: string })[] {
  return pages
    .filter(({ source }) => source !== 'docs/rest.md')
    .flatMap((page) =>
      examplesOf(page).map((one, i) => ({ ...one, where: `${page.source} (${i + 1}: ${one.heading})` })),
    )
    .filter(({ language }) => languages.includes(language));
}
