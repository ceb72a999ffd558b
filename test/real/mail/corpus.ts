import type { Interaction } from '../../../src/domain/interaction/interaction.ts';
import { seededRandom } from '../../support/random.ts';
import { largeLetter, nastyLetters, type Occasion, ownLetter } from './nasty-letters.ts';

/** A letter and the folders it is in. */
export interface Placed {
  readonly raw: Uint8Array;
  readonly places: readonly { readonly user: 'sales' | 'anna'; readonly folder: 'INBOX' | 'Sent' }[];
  /** Identifies its interaction, see {@link markOf}. */
  readonly mark: string;
}

const clientOf = (n: number) => `n${n}@client.example`;
/** One letter in this many is too large to be held in memory. */
const largeEvery = 5000;

/** That many nasty letters, the same in each run: each kind in turn, sent ones, copies, one letter in two mailboxes. */
export function* corpus(count: number, seed = 20261125): Generator<Placed> {
  const random = seededRandom(seed);
  const kinds = Object.values(nastyLetters);
  for (let n = 0; n < count; n++) {
    const occasion: Occasion = { n, client: clientOf(n), random };
    const mark = occasion.client;
    const user = random() < 0.5 ? 'sales' : 'anna';
    const inbox = { user, folder: 'INBOX' } as const;
    if (n % largeEvery === 77) yield { mark, raw: largeLetter(occasion), places: [inbox] };
    else if (n % 6 === 5)
      yield { mark, raw: ownLetter(occasion, `${user}@our.example`), places: [{ user, folder: 'Sent' }] };
    else {
      const raw = kinds[n % kinds.length]?.(occasion) ?? new Uint8Array();
      const other = { user: user === 'sales' ? 'anna' : 'sales', folder: 'INBOX' } as const;
      const also = random();
      yield { mark, raw, places: also < 0.05 ? [inbox, inbox] : also < 0.1 ? [inbox, other] : [inbox] };
    }
  }
}

/** Identifies the letter that an interaction was made of. */
export function markOf({ party }: Interaction): string {
  return party.email ?? '';
}
