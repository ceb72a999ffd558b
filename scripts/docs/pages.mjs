// Which files of the repository are pages of the documentation, where they stand on the site, and in which order.
import { readdirSync } from 'node:fs';
import { posix } from 'node:path';

/** The site's menu: pages of `docs/` and other files of the repository, by language. */
const menus = {
  en: [
    ['Getting started', ['README.md', 'docs/ten-minutes.md', 'docs/configuration.md']],
    ['Channels', ['docs/vats.md', 'docs/recordings.md', 'docs/mail.md', 'docs/messengers.md', 'docs/forms.md']],
    ['CRM', ['docs/bitrix24.md', 'docs/unf.md', 'docs/webhook.md']],
    [
      'Running it',
      ['deployment', 'operations', 'backup', 'capacity', 'access', 'security'].map((name) => `docs/${name}.md`),
    ],
    ['Developers', ['docs/rest.md', 'docs/webhook-connector.md', 'docs/desk.md']],
    ['Contributing', ['CONTRIBUTING.md', 'docs/decisions/README.md', 'docs/licences.md', 'CHANGELOG.md']],
  ],
  ru: [
    ['Начало работы', ['README.ru.md', 'docs/ru/ten-minutes.md', 'docs/ru/configuration.md']],
    [
      'Каналы',
      [
        'docs/ru/vats.md',
        'docs/ru/recordings.md',
        'docs/ru/mail.md',
        'docs/ru/messengers.md',
        'docs/ru/forms.md',
        'docs/ru/desk.md',
      ],
    ],
    ['CRM', ['docs/ru/bitrix24.md', 'docs/ru/unf.md']],
    ['Эксплуатация', ['deployment', 'operations', 'backup', 'access', 'security'].map((name) => `docs/ru/${name}.md`)],
    [
      'Для разработчиков (на английском)',
      ['docs/rest.md', 'docs/webhook.md', 'docs/webhook-connector.md', 'CONTRIBUTING.md'],
    ],
  ],
};

/** Pages that the menu leaves out. */
const further = [
  ...markdownOf('docs/decisions').filter((source) => !source.endsWith('README.md')),
  ...readdirSync('src/connectors').map((kind) => `src/connectors/${kind}/readme.md`),
  ...readdirSync('src/crm').map((kind) => `src/crm/${kind}/readme.md`),
];

function markdownOf(folder) {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${folder}/${name}`);
}

/** Where a file stands on the site, without `.html`; null where it is no page. */
export function siteOf(source) {
  if (source === 'README.md') return 'index';
  if (source === 'README.ru.md') return 'ru/index';
  if (source === 'CONTRIBUTING.md' || source === 'CHANGELOG.md') return source.slice(0, -3).toLowerCase();
  const [, inDocs] = /^docs\/(.+)\.md$/.exec(source) ?? [];
  if (inDocs !== undefined) return inDocs.replace(/(^|\/)README$/, '$1index');
  const [, part, kind] = /^src\/(connectors|crm)\/([\w-]+)\/readme\.md$/.exec(source) ?? [];
  return part === undefined ? null : `${part}/${kind}`;
}

/** The page in the other language, by file; null where there is none. */
export function twinOf(source, exists) {
  const twin = source.startsWith('docs/ru/')
    ? source.replace('docs/ru/', 'docs/')
    : ({ 'README.md': 'README.ru.md', 'README.ru.md': 'README.md' }[source] ??
      (posix.dirname(source) === 'docs' ? source.replace('docs/', 'docs/ru/') : null));
  return twin !== null && exists(twin) ? twin : null;
}

/** Every page: its file, its place on the site, its language. */
export function pagesOf(exists) {
  const listed = [...menus.en, ...menus.ru].flatMap(([, sources]) => sources);
  const sources = [...new Set([...listed, ...markdownOf('docs'), ...markdownOf('docs/ru'), ...further])].filter(exists);
  return sources.map((source) => ({
    source,
    site: siteOf(source),
    language: siteOf(source).startsWith('ru/') ? 'ru' : 'en',
  }));
}

/** The menu of a language. */
export function menuOf(language) {
  return menus[language].map(([title, sources]) => ({ title, sources }));
}
