import type { Plural } from './plural-forms.ts';
import type { Language } from './words.ts';

const rules: Readonly<Record<Language, Intl.PluralRules>> = {
  ru: new Intl.PluralRules('ru'),
  en: new Intl.PluralRules('en'),
};

/** A number with its noun in the right form: `1 звонок`, `2 звонка`, `5 звонков`. */
export function plural(language: Language, count: number, forms: Plural): string {
  const form = forms[rules[language].select(count)] ?? forms.other;
  return form.replace('{n}', count.toLocaleString(language));
}
