import type { DirectoryReader } from '../domain/directory/client.ts';
import { normaliseIdentifier } from '../domain/directory/identifiers.ts';
import { decideMatch, type MatchDecision } from '../domain/directory/match.ts';
import type { Identifier } from '../domain/interaction/interaction.ts';

/** What is known of an outside party, as it came. */
export interface PartyHints {
  readonly phone?: string | null;
  readonly email?: string | null;
}

/** Finds out whom an outside party is. Numbers are normalised here: internal ones and rubbish match nobody. */
export class Matcher {
  readonly #directory: DirectoryReader;
  readonly #country: string;

  /** `country`: ISO 3166 code that numbers without a country code belong to. */
  constructor(directory: DirectoryReader, country: string) {
    this.#directory = directory;
    this.#country = country;
  }

  /** By phone, then by e-mail. Throws when the directory can't be read. */
  match({ phone, email }: PartyHints): MatchDecision {
    const given: Identifier[] = [];
    if (phone) given.push({ kind: 'phone', value: phone });
    if (email) given.push({ kind: 'email', value: email });
    const known = given.map((one) => normaliseIdentifier(one, this.#country)).filter((one) => one !== null);
    return decideMatch(this.#directory, known);
  }
}
