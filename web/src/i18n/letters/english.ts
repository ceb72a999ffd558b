import type { lettersRussian } from './russian.ts';

/** The same in English. */
export const lettersEnglish: typeof lettersRussian = {
  formatted: 'Formatted text',
  plainMode: 'Plain text',
  formatting: 'Formatting',
  format_bold: 'Bold',
  format_italic: 'Italic',
  format_underline: 'Underlined',
  format_strike: 'Struck through',
  format_bulletList: 'List',
  format_orderedList: 'Numbered list',
  format_blockquote: 'Quotation',
  format_link: 'Link',
  linkAddress: 'Address of the link',
  setLink: 'Insert link',
  removeLink: 'Remove link',
};
