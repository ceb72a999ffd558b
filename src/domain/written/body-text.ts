import { beginning } from '../base/clean-text.ts';

/** Maximum length of an interaction's text. Longer texts are truncated; blob storage has the complete one. */
export const maxTextLength = 100_000;

/** A text without control characters other than line breaks and tabs, truncated to the maximum length. */
export function bodyText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to remove.
  const clean = text.replace(/\r\n?/g, '\n').replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, '');
  return clean.length > maxTextLength ? `${beginning(clean, maxTextLength)}…` : clean;
}

/** The same; null stays null. */
export function bodyTextOrNull(text: string | null): string | null {
  return text === null ? null : bodyText(text);
}
