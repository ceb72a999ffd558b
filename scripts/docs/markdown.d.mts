import type { Token } from 'marked';

/** A part of a page below one heading. */
export interface Section {
  readonly heading: string;
  readonly depth: number;
  readonly ids: readonly string[];
  readonly inline: readonly Token[];
  readonly tokens: readonly Token[];
}
/** A page in sections. */
export interface ReadPage {
  readonly title: string;
  readonly sections: readonly Section[];
}
/** A fenced example. */
export interface Example {
  readonly language: string;
  readonly text: string;
  readonly heading: string;
}
export function slugOf(heading: string): string;
export function plain(tokens: readonly Token[]): string;
export function readPage(text: string): ReadPage;
export function walk(tokens: readonly Token[]): Generator<Token>;
export function linksOf(page: ReadPage): readonly string[];
export function examplesOf(page: ReadPage): readonly Example[];
