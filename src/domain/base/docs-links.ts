/**
 * Links from errors into the documentation: a page of the repository and a heading. The program serves the same pages at `/docs`,
 * see {@link siteAddress}. A test checks that each link resolves in every language of its page.
 */
export const docsLinks = {
  /** How the configuration file is found and checked. */
  configurationFile: 'docs/configuration.md#the-file',
  secrets: 'docs/configuration.md#secrets',
  asterisk: 'docs/configuration.md#asterisk',
  clickToCall: 'docs/configuration.md#click-to-call',
  trunks: 'docs/configuration.md#trunks',
  /** Where the PBX's call record lies, and what it needs. */
  callRecord: 'docs/configuration.md#call-record',
  recordings: 'docs/recordings.md',
  forms: 'docs/forms.md#settings',
  callTracking: 'docs/forms.md#call-tracking',
  mail: 'docs/mail.md#settings',
  telegram: 'docs/messengers.md#telegram',
  whatsapp: 'docs/messengers.md#whatsapp',
  vk: 'docs/messengers.md#vk',
  max: 'docs/messengers.md#max',
  viber: 'docs/messengers.md#viber',
  avito: 'docs/messengers.md#avito',
  webhook: 'docs/messengers.md#anything-else',
  /** A portal of Bitrix24 does not let us in. */
  bitrix24: 'docs/bitrix24.md#what-may-be-missing',
  /** УНФ, or another CRM to which we are a cloud PBX, does not let us in. */
  unf: 'docs/unf.md#connect',
  /** A cloud PBX does not know our managers. */
  vats: 'docs/vats.md#connect',
  openLines: 'docs/bitrix24.md#open-lines',
  /** The login at the PBX fails, or its account lacks rights. */
  amiLogin: 'docs/ten-minutes.md#ami-login',
  amiRights: 'docs/ten-minutes.md#ami-rights',
  /** The login to a mailbox fails. */
  mailLogin: 'docs/mail.md#login-refused',
  /** Users, roles, and what each may see. */
  access: 'docs/access.md',
  /** The role of a user or token lacks the right. */
  notAllowed: 'docs/access.md#not-allowed',
} as const;

/** A link into the documentation. */
export type DocsLink = (typeof docsLinks)[keyof typeof docsLinks] | `docs/configuration.md#${string}`;

/** The path of the same page on the documentation site that the program serves. */
export function siteAddress(link: DocsLink, language: 'ru' | 'en'): string {
  return link.replace(/^docs\//, language === 'ru' ? '/docs/ru/' : '/docs/').replace('.md', '');
}
