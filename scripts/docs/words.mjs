/** What the site itself says, by language. */
export const wordsOf = {
  en: {
    overview: 'Overview',
    skip: 'Skip to content',
    search: 'Search',
    none: 'Nothing found',
    menu: 'Contents',
    toc: 'On this page',
    other: 'Русский',
    otherCode: 'ru',
  },
  ru: {
    overview: 'Обзор',
    skip: 'К содержанию',
    search: 'Поиск',
    none: 'Ничего не найдено',
    menu: 'Разделы',
    toc: 'На этой странице',
    other: 'English',
    otherCode: 'en',
  },
};
