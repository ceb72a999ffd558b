import { english } from './words/english.ts';
import { russian, type Words } from './words/russian.ts';

/** Languages of the page. */
export type Language = 'ru' | 'en';

/** The texts of a language. */
export const words: Readonly<Record<Language, Words>> = { ru: russian, en: english };
