/** Kinds of the portal's cards. */
export type CardKind = 'lead' | 'deal' | 'contact' | 'company';

/** A card of the portal. */
export interface Card {
  readonly kind: CardKind;
  readonly id: number;
}

/** The numbers of the kinds in methods, such as `OWNER_TYPE_ID` (`crm.enum.ownertype`). */
export const cardTypes: Readonly<Record<CardKind, number>> = { lead: 1, deal: 2, contact: 3, company: 4 };

/** Reads {@link cardTypes}; null for other numbers. */
export function kindOfType(type: number | null): CardKind | null {
  const [kind] = Object.entries(cardTypes).find(([, one]) => one === type) ?? [];
  return (kind as CardKind | undefined) ?? null;
}

/** A card as the id of a client, contact or deal within our directory: `contact-12`. */
export function cardText({ kind, id }: Card): string {
  return `${kind}-${id}`;
}

/** Reads {@link cardText}; null for anything else, such as a client of another source. */
export function cardOf(text: string): Card | null {
  const [, kind, id] = /^(lead|deal|contact|company)-([1-9]\d{0,14})$/.exec(text) ?? [];
  return kind === undefined ? null : { kind: kind as CardKind, id: Number(id) };
}
