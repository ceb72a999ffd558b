/**
 * Where the documentation explains an error: a page and a heading of the repository. The program serves the same pages at
 * `/docs`, see {@link siteAddress}. Tests hold each address to exist in every language that the page has.
 */
export const docsLinks = {
  /** The configuration file itself: where it is looked for, how it is checked. */
  configurationFile: 'docs/configuration.md#the-file',
  secrets: 'docs/configuration.md#secrets',
  asterisk: 'docs/configuration.md#asterisk',
  clickToCall: 'docs/configuration.md#click-to-call',
  trunks: 'docs/configuration.md#trunks',
  forms: 'docs/forms.md#settings',
  callTracking: 'docs/forms.md#call-tracking',
  mail: 'docs/mail.md#settings',
  telegram: 'docs/messengers.md#telegram',
  whatsapp: 'docs/messengers.md#whatsapp',
  vk: 'docs/messengers.md#vk',
  max: 'docs/messengers.md#max',
  viber: 'docs/messengers.md#viber',
  webhook: 'docs/messengers.md#anything-else',
  /** The PBX can't be logged in at, or its account lacks rights. */
  amiLogin: 'docs/ten-minutes.md#ami-login',
  amiRights: 'docs/ten-minutes.md#ami-rights',
  /** A mailbox can't be logged in at. */
  mailLogin: 'docs/mail.md#login-refused',
  /** The role of a user or token does not allow it. */
  notAllowed: 'docs/access.md#not-allowed',
} as const;

/** An address of the documentation. */
export type DocsLink = (typeof docsLinks)[keyof typeof docsLinks] | `docs/configuration.md#${string}`;

/** The same page on the program's own site, below its public address. */
export function siteAddress(link: DocsLink, language: 'ru' | 'en'): string {
  return link.replace(/^docs\//, language === 'ru' ? '/docs/ru/' : '/docs/').replace('.md', '');
}
