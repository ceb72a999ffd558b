import type { Interaction, Party } from '../../../../src/domain/interaction/interaction.ts';
import type { Portal } from '../../../support/bitrix24/portal.ts';
import type { Fields } from '../../../support/bitrix24/values.ts';

/** The ways to reach somebody, written so that the portal's cards and our contacts can be compared. */
export function waysTo({ phone, email, account }: Pick<Party, 'phone' | 'email' | 'account'>): readonly string[] {
  return [
    ...(phone === null ? [] : [`phone ${phone}`]),
    ...(email === null ? [] : [`email ${email.toLowerCase()}`]),
    ...(account === null ? [] : [`account ${account.username ?? account.id}`]),
  ];
}

/** The same of a card of the portal. */
export function waysOf(card: Fields): readonly string[] {
  const values = (name: string) =>
    Array.isArray(card[name]) ? card[name].map((one) => String((one as Fields).VALUE)) : [];
  return [
    ...values('PHONE').map((value) => `phone ${value}`),
    ...values('EMAIL').map((value) => `email ${value.toLowerCase()}`),
    ...values('IM').map((value) => `account ${value}`),
  ];
}

/**
 * The parties of a day: who can be recognised as the same by a number, an address or an account is one party, however often he
 * came.
 */
export class Parties {
  readonly #parents = new Map<string, string>();
  readonly #portal: Portal;

  constructor(contacts: readonly Interaction[], portal: Portal) {
    this.#portal = portal;
    for (const { party } of contacts) this.#join(waysTo(party));
    for (const lead of portal.cards('LEAD')) this.#join(waysOf(lead));
  }

  /** The name of a party; null if it has no number, address or account. */
  of(party: Interaction['party']): string | null {
    const [first] = waysTo(party);
    return first === undefined ? null : this.#root(first);
  }

  /** The name of the party that a lead was made of. */
  ofLead(lead: Fields): string {
    const [first] = waysOf(lead);
    return first === undefined ? `lead ${String(lead.ID)}` : this.#root(first);
  }

  /** The portal's own contact with a number or address of the party. */
  contactOf(party: Interaction['party']): string | null {
    const ways = waysTo({ ...party, account: null });
    const found = this.#portal.cards('CONTACT').find((card) => waysOf(card).some((way) => ways.includes(way)));
    return found === undefined ? null : `contact-${String(found.ID)}`;
  }

  #root(way: string): string {
    const parent = this.#parents.get(way);
    return parent === undefined || parent === way ? way : this.#root(parent);
  }

  #join(ways: readonly string[]): void {
    const [first, ...others] = ways;
    if (first === undefined) return;
    if (!this.#parents.has(first)) this.#parents.set(first, first);
    for (const other of others) this.#parents.set(this.#root(other), this.#root(first));
  }
}
