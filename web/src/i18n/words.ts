import { english } from './english.ts';
import { russian, type Words } from './russian.ts';

/** Languages of the page. */
export type Language = 'ru' | 'en';

/** All texts of a language. */
export const words: Readonly<Record<Language, Words>> = { ru: russian, en: english };
