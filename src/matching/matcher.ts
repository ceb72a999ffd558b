import type { DirectoryReader } from '../domain/directory/client.ts';
import { normaliseIdentifier } from '../domain/directory/identifiers.ts';
import { decideMatch, type MatchDecision } from '../domain/directory/match.ts';
import type { Identifier } from '../domain/interaction/interaction.ts';

/** Identifiers of an outside party, as received. */
export interface PartyHints {
  readonly phone?: string | null;
  readonly email?: string | null;
}

/**
 * Matches outside parties against the directory. Phone numbers are normalised first; internal and invalid ones match
 * nobody.
 */
export class Matcher {
  readonly #directory: DirectoryReader;
  readonly #country: string;

  /** `country` is the region of numbers without a country code. */
  constructor(directory: DirectoryReader, country: string) {
    this.#directory = directory;
    this.#country = country;
  }

  /** Matches by phone, then by e-mail. Throws if the directory cannot be read. */
  match({ phone, email }: PartyHints): MatchDecision {
    const given: Identifier[] = [];
    if (phone) given.push({ kind: 'phone', value: phone });
    if (email) given.push({ kind: 'email', value: email });
    const known = given.map((one) => normaliseIdentifier(one, this.#country)).filter((one) => one !== null);
    return decideMatch(this.#directory, known);
  }
}
