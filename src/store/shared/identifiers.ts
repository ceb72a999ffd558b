import type { Identifier, IdentifierKind } from '../../domain/interaction/interaction.ts';

/** Kinds as the index stores them: one byte instead of a word, two million times. */
export const kindNumbers: Readonly<Record<IdentifierKind, number>> = { phone: 0, email: 1, account: 2 };

const kinds = Object.keys(kindNumbers) as readonly IdentifierKind[];

/** The kind that a number of the index stands for. */
export function kindOf(number: number): IdentifierKind {
  return kinds[number] ?? 'account';
}

/** A row of the table `account_links`. */
export interface AccountLinkRow {
  readonly account: string;
  readonly kind: number;
  readonly value: string;
}

/** Each identifier once. */
export function distinct(identifiers: readonly Identifier[]): readonly Identifier[] {
  return [...new Map(identifiers.map((identifier) => [`${identifier.kind} ${identifier.value}`, identifier])).values()];
}
