import type { DirectoryReader } from '../directory/client.ts';
import { decideMatch } from '../directory/match.ts';
import type { WrittenContact } from '../written/written-contact.ts';
import type { Identifier, Participant } from './interaction.ts';
import { namedRef } from './named-ref.ts';

/** The further addresses of a letter, as identifiers. */
export function addressesOf({ others = [] }: Pick<WrittenContact, 'others'>): readonly Identifier[] {
  return others.map(({ email }) => ({ kind: 'email', value: email }));
}

/** The further recipients of a letter. An address that several clients share belongs to none of them. */
export function participantsOf(
  { others = [] }: Pick<WrittenContact, 'others'>,
  directory: DirectoryReader,
): readonly Participant[] {
  return others.map(({ email, name }) => {
    const { client, contact } = decideMatch(directory, [{ kind: 'email', value: email }]);
    return { email, name, client: namedRef(client), contact };
  });
}
