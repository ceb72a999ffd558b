/** A page of the documentation. */
export interface DocsPage {
  readonly source: string;
  readonly site: string;
  readonly language: 'en' | 'ru';
}
export function siteOf(source: string): string | null;
export function twinOf(source: string, exists: (path: string) => boolean): string | null;
export function pagesOf(exists: (path: string) => boolean): readonly DocsPage[];
export function menuOf(
  language: 'en' | 'ru',
): readonly { readonly title: string; readonly sources: readonly string[] }[];
