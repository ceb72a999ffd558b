import type { Identifier, IdentifierKind } from '../../domain/interaction/interaction.ts';

/** Identifier kinds as the index stores them. One byte instead of a word matters in two million rows. */
export const kindNumbers: Readonly<Record<IdentifierKind, number>> = { phone: 0, email: 1, account: 2 };

const kinds = Object.keys(kindNumbers) as readonly IdentifierKind[];

/** The identifier kind that a number in the index stands for. */
export function kindOf(number: number): IdentifierKind {
  return kinds[number] ?? 'account';
}

/** A row of the table `account_links`. */
export interface AccountLinkRow {
  readonly account: string;
  readonly kind: number;
  readonly value: string;
}

/** Removes duplicates. */
export function distinct(identifiers: readonly Identifier[]): readonly Identifier[] {
  return [...new Map(identifiers.map((identifier) => [`${identifier.kind} ${identifier.value}`, identifier])).values()];
}
