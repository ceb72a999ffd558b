import { domainOf } from '../../domain/directory/public-mail.ts';
import type { IsOurs } from './own-addresses.ts';
import { parseAddresses } from './parse/addresses.ts';
import { groupWriter } from './parse/automatic.ts';
import type { LetterHead, MailAddress } from './parse/model.ts';
import type { MailConfig } from './schema.ts';

/** Local parts of addresses from which programs write, and nobody reads what is answered. */
const program =
  /^(?:no[-_.]?reply|do[-_.]?not[-_.]?reply|noanswer|robot|bot|mailer|wordpress|bitrix|tilda|forms?|web[-_.]?forms?|webform|site|website|web|webmaster|www|www-data|apache|nginx|notify|notifications?|notice|alerts?|auto|system|server|mail|zayavk[ai]|zakaz|orders?|leads?|callback)(?:[-_.+]|$)/;

/** A visitor of a site, whose form wrote a letter on his behalf. */
export interface Visitor {
  readonly party: MailAddress;
  /** The domain from which the form writes. */
  readonly site: string;
}

/** Whose letter it is if a form wrote it; null if it is no form's. The form names the visitor in Reply-To. */
export function visitorOf(letter: LetterHead, { forms }: Pick<MailConfig, 'forms'>, isOurs: IsOurs): Visitor | null {
  const { from, replyTo, headers } = letter;
  if (forms === 'none' || from === null || replyTo === null) return null;
  if (replyTo.address === from.address || isOurs(replyTo.address) || program.test(localOf(replyTo.address)))
    return null;
  const visitor = { party: replyTo, site: domainOf(from.address) };
  if (forms !== 'auto') return forms.some((one) => isAt(from.address, one.toLowerCase())) ? visitor : null;
  // A service that answers for itself names an address of its own, and a newsletter that of its publisher.
  const isOwn = organisationOf(replyTo.address) === organisationOf(from.address);
  const isList = headers.has('list-id') || headers.has('list-unsubscribe');
  return program.test(localOf(from.address)) && !isOwn && !isList ? visitor : null;
}

/** Who wrote a letter: its From, unless that is the address of a group that hands it on. */
export function authorOf(letter: LetterHead, isOurs: IsOurs): MailAddress | null {
  const { from, headers } = letter;
  const name = groupWriter(letter);
  const writer = name === null ? null : (parseAddresses(headers.get(name))[0] ?? null);
  if (writer === null || isOurs(writer.address) || writer.address === from?.address) return from;
  // «'Ivan' via Sales» is what the group makes of the name.
  const via = /^'?(.{1,200}?)'? (?:via|через) /.exec(from?.name ?? '')?.[1] ?? null;
  return from === null || isOurs(from.address) || via !== null ? { ...writer, name: writer.name ?? via } : from;
}

/** Whether a human's letter came through a group of ours, by the addresses in the headers of lists. */
export function isThroughOurGroup({ from, headers }: LetterHead, isOurs: IsOurs): boolean {
  if (from === null || program.test(localOf(from.address))) return false;
  const post = /mailto:([^\s<>?]{1,254})/i.exec(headers.get('list-post')?.[0] ?? '')?.[1] ?? '';
  // `sales.our.example` is the name of the list `sales@our.example`.
  const id = /<([^<>\s]{1,254})>/.exec(headers.get('list-id')?.[0] ?? '')?.[1]?.replace('.', '@') ?? '';
  return [post, id].some((address) => address.includes('@') && isOurs(address));
}

/** Whether a letter answers one of ours, by the domains of the ids that it names. */
export function answersOurs(
  { answers }: LetterHead,
  { address }: Pick<MailConfig, 'address'>,
  isOurs: IsOurs,
): boolean {
  return answers.some((id) => {
    const domain = domainOf(id);
    return id.startsWith('patchbay.') || (domain !== '' && (domain === domainOf(address) || isOurs(`any@${domain}`)));
  });
}

function isAt(address: string, configured: string): boolean {
  return configured.startsWith('@') ? address.endsWith(configured) : address === configured;
}

function localOf(address: string): string {
  return address.slice(0, Math.max(0, address.lastIndexOf('@')));
}

/** The last two labels of the domain, which an organisation's addresses share. */
function organisationOf(address: string): string {
  return domainOf(address).split('.').slice(-2).join('.');
}
