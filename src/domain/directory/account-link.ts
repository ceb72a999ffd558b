import type { InteractionId } from '../base/ids.ts';
import type { AccountRef, Identifier, Interaction, Party } from '../interaction/interaction.ts';
import { codesIn } from '../written/contact-code.ts';
import type { WrittenContact } from '../written/written-contact.ts';

/** A messenger account, and the telephone or e-mail address that proved to be of the same person. */
export interface AccountLink {
  /** As clients' identifiers name it. */
  readonly account: string;
  readonly to: Identifier;
}

/** An account as clients' identifiers name it. */
export function accountName({ kind, id }: AccountRef): string {
  return `${kind}:${id}`;
}

/** Forms that a message names by their codes. Only inbound contacts prove anything. */
export function citedForms({ channel, direction, party, text, attribution }: WrittenContact): readonly InteractionId[] {
  if (channel !== 'message' || direction !== 'inbound' || party.account === null) return [];
  return codesIn(`${text ?? ''} ${attribution?.campaign ?? ''}`);
}

/** What a message proves about its account: by its own telephone, which connectors set only if proven, else by a form. */
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
