import type { Language } from '../i18n/words.ts';

/** Preferences that this browser remembers. */
export interface Settings {
  readonly language: Language;
  readonly theme: 'auto' | 'light' | 'dark';
  /** Whether new letters are written with formatting. */
  readonly formatted: boolean;
}

const key = 'patchbay-settings';

/** The remembered settings; at first the browser's language. */
export function loadSettings(): Settings {
  const fallback: Settings = {
    language: navigator.language.startsWith('ru') ? 'ru' : 'en',
    theme: 'auto',
    formatted: false,
  };
  try {
    const saved = JSON.parse(localStorage.getItem(key) ?? '{}') as Partial<Settings>;
    return {
      language: saved.language === 'ru' || saved.language === 'en' ? saved.language : fallback.language,
      theme: saved.theme === 'light' || saved.theme === 'dark' ? saved.theme : 'auto',
      formatted: saved.formatted === true,
    };
  } catch {
    return fallback;
  }
}

/** Remembers settings and applies them to the page. */
export function applySettings(settings: Settings): void {
  localStorage.setItem(key, JSON.stringify(settings));
  document.documentElement.lang = settings.language;
  document.documentElement.dataset.theme = settings.theme;
}

/** Whether the page is dark now. */
export function isDark(): boolean {
  const { theme } = document.documentElement.dataset;
  return theme === 'dark' || (theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
}
