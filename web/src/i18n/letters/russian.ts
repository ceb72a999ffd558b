/** Texts of the editor for letters in Russian. */
export const lettersRussian = {
  formatted: 'С оформлением',
  plainMode: 'Простой текст',
  formatting: 'Оформление',
  format_bold: 'Жирный',
  format_italic: 'Курсив',
  format_underline: 'Подчёркнутый',
  format_strike: 'Зачёркнутый',
  format_bulletList: 'Список',
  format_orderedList: 'Нумерованный список',
  format_blockquote: 'Цитата',
  format_link: 'Ссылка',
  linkAddress: 'Адрес ссылки',
  setLink: 'Вставить ссылку',
  removeLink: 'Убрать ссылку',
};
