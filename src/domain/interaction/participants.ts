import type { DirectoryReader } from '../directory/client.ts';
import { decideMatch } from '../directory/match.ts';
import type { WrittenContact } from '../written/written-contact.ts';
import type { Identifier, Participant } from './interaction.ts';
import { namedRef } from './named-ref.ts';

type Others = NonNullable<WrittenContact['others']>;

/** The further recipients, each once, even if a letter has an address in both Cc and Bcc. */
function distinct(others: Others): Others {
  const found = new Map<string, Others[number]>();
  for (const one of others) {
    const key = one.email.toLowerCase();
    const known = found.get(key);
    if (known === undefined || (known.name === null && one.name !== null)) found.set(key, one);
  }
  return [...found.values()];
}

/** The further addresses of a letter, as identifiers. */
export function addressesOf({ others = [] }: Pick<WrittenContact, 'others'>): readonly Identifier[] {
  return distinct(others).map(({ email }) => ({ kind: 'email', value: email }));
}

/** The further recipients of a letter. An address that several clients share belongs to none of them. */
export function participantsOf(
  { others = [] }: Pick<WrittenContact, 'others'>,
  directory: DirectoryReader,
): readonly Participant[] {
  return distinct(others).map(({ email, name }) => {
    const { client, contact } = decideMatch(directory, [{ kind: 'email', value: email }]);
    return { email, name, client: namedRef(client), contact };
  });
}
