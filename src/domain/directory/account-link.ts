import type { InteractionId } from '../base/ids.ts';
import type { AccountRef, Identifier, Interaction, Party } from '../interaction/interaction.ts';
import { codesIn } from '../written/contact-code.ts';
import type { WrittenContact } from '../written/written-contact.ts';

/** A messenger account, and a telephone number or e-mail address that proved to belong to the same person. */
export interface AccountLink {
  /** In the form of clients' identifiers. */
  readonly account: string;
  readonly to: Identifier;
}

/** An account in the form of clients' identifiers. */
export function accountName({ kind, id }: AccountRef): string {
  return `${kind}:${id}`;
}

/** The forms whose codes a message contains. Only inbound messages count as proof. */
export function citedForms({ channel, direction, party, text, attribution }: WrittenContact): readonly InteractionId[] {
  if (channel !== 'message' || direction !== 'inbound' || party.account === null) return [];
  return codesIn(`${text ?? ''} ${attribution?.campaign ?? ''}`);
}

/** The link that a message proves: by its own telephone number, which connectors set only if it is proven, otherwise by a form. */
export function provenLink(
  { channel, direction }: WrittenContact,
  { account, phone }: Party,
  forms: readonly Interaction[],
): AccountLink | null {
  if (channel !== 'message' || direction !== 'inbound' || account === null) return null;
  const parties = [{ phone, email: null }, ...forms.filter((one) => one.channel === 'form').map((one) => one.party)];
  for (const party of parties) {
    if (party.phone !== null) return { account: accountName(account), to: { kind: 'phone', value: party.phone } };
    if (party.email !== null) return { account: accountName(account), to: { kind: 'email', value: party.email } };
  }
  return null;
}
