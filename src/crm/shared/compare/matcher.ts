import type { Difference, ExpectedContact, Fact, RemoteContact } from './comparable.ts';

/** An expected thing, and what was found of it. */
interface Match {
  readonly expected: ExpectedContact;
  readonly found: Map<string, RemoteContact>;
}

/** Compares what a core should hold with what it holds. It keeps what is expected, and of the rest only what matches. */
export class Matcher {
  readonly #all: readonly Match[];
  readonly #byItem = new Map<string, Match>();
  readonly #byRemote = new Map<string, Match>();

  constructor(expected: Iterable<ExpectedContact>) {
    this.#all = [...expected].map((one) => ({ expected: one, found: new Map() }));
    for (const match of this.#all) {
      const { interaction, item, remote } = match.expected;
      this.#byItem.set(itemKey(interaction, item), match);
      if (remote !== null) this.#byRemote.set(remoteKey(item, remote), match);
    }
  }

  /** Takes something that the core holds. False if nothing expected matches it. */
  take(remote: RemoteContact): boolean {
    const { interaction, item, id } = remote;
    // Some have no mark of ours, such as calls that a user began there by a click; the ledger knows their ids.
    const match =
      this.#byRemote.get(remoteKey(item, id)) ??
      (interaction === null ? undefined : this.#byItem.get(itemKey(interaction, item)));
    match?.found.set(id, remote);
    return match !== undefined;
  }

  /** What was not found so far. */
  get unmatched(): readonly ExpectedContact[] {
    return this.#all.filter(({ found }) => found.size === 0).map(({ expected }) => expected);
  }

  /** The differences, in the order of what was expected. */
  get differences(): readonly Difference[] {
    return this.#all.flatMap(differencesOf);
  }
}

function differencesOf({ expected, found }: Match): readonly Difference[] {
  const [first, ...others] = [...found.values()].toSorted((a, b) => rank(a, expected) - rank(b, expected));
  if (first === undefined)
    return [{ kind: expected.remote !== null && expected.isDeletable ? 'deleted' : 'missing', expected }];
  const doubled = others.map((remote): Difference => ({ kind: 'doubled', expected, remote }));
  return [...changedFacts(expected, first), ...doubled];
}

/** The one that the ledger names goes first; the others keep their order. */
function rank({ id }: RemoteContact, { remote }: ExpectedContact): number {
  return id === remote ? 0 : 1;
}

function changedFacts(expected: ExpectedContact, remote: RemoteContact): readonly Difference[] {
  return (Object.keys(expected.facts) as Fact[]).flatMap((fact): Difference[] => {
    const [ours, theirs] = [expected.facts[fact], remote.facts[fact]];
    if (ours === undefined || theirs === undefined || ours === theirs) return [];
    return [{ kind: 'different', expected, remote, fact, ours, theirs }];
  });
}

function itemKey(interaction: string, item: string): string {
  return `${interaction} ${item}`;
}

/** Ids are unique within a kind of thing only: `call` of `call 1`. */
function remoteKey(item: string, id: string): string {
  return `${item.split(' ')[0]} ${id}`;
}
