import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Words } from './russian.ts';
import { type Language, words } from './words.ts';

const LanguageContext = createContext<Language>('ru');

/** Sets the language of the page below it. */
export const LanguageProvider = LanguageContext.Provider;

/** The language of the page. */
export function useLanguage(): Language {
  return useContext(LanguageContext);
}

/** The texts of the page in its language. */
export function useText(): Words {
  return words[useLanguage()];
}
