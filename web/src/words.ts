import { english } from './words/english.ts';
import { russian } from './words/russian.ts';

/** Languages of the page. */
export type Language = 'ru' | 'en';

/** Every text of the page. */
export type Words = typeof russian;

/** The texts of a language. */
export const words: Readonly<Record<Language, Words>> = { ru: russian, en: english };
