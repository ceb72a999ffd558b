import type { InteractionId } from '../../../domain/base/ids.ts';
import type { Reason } from '../../../domain/base/reason.ts';
import type { Owed } from '../../../domain/delivery/delivery.ts';
import type { Channel, Interaction } from '../../../domain/interaction/interaction.ts';
import { isLive } from '../../../domain/interaction/interaction.ts';
import type { StoreReader } from '../../../domain/ports/readers.ts';
import type { Comparable, Difference, ExpectedContact, Mending, Period } from './comparable.ts';
import { Matcher } from './matcher.ts';

/** Contacts that are read, and looked for, at once. */
const pageSize = 200;

/** What a comparison needs. */
export interface CompareParts {
  readonly core: Comparable;
  /** The core's name in the configuration. */
  readonly destination: string;
  readonly read: Pick<StoreReader, 'interaction' | 'interactionsBetween' | 'owedOf'>;
  readonly signal: AbortSignal;
  /** Differences beyond this number are only counted. */
  readonly maxFound?: number;
}

/** The numbers of one channel. */
export interface ChannelCounts {
  /** Contacts that were received or made on the channel, wherever they are delivered. */
  readonly stored: number;
  /** Those that the core should hold, including those that wait to be delivered. */
  readonly ours: number;
  /** Those of ours that it holds. */
  readonly theirs: number;
  /** Those whose delivery is due or parked. */
  readonly waiting: number;
  /** What it holds that does not come from us, such as calls of another telephony. */
  readonly unknown: number;
}

/** A contact that is not delivered yet, which is no difference. */
export interface Waiting {
  readonly interaction: InteractionId;
  readonly channel: Channel;
  readonly state: 'due' | 'parked';
  readonly reason: Reason | null;
}

/** A difference, and how it can be repaired. */
export interface Found {
  readonly difference: Difference;
  /** When the contact began, RFC 3339. */
  readonly startedAt: string;
  readonly mending: Mending;
}

/** The comparison of one period. */
export interface Comparison {
  readonly counts: Readonly<Partial<Record<Channel, ChannelCounts>>>;
  readonly found: readonly Found[];
  /** The number of further differences. */
  readonly further: number;
  readonly waiting: readonly Waiting[];
  /** Things there with our mark that belong to no contact of ours any more, such as a call that was merged. */
  readonly surplus: number;
}

/**
 * Compares what a core should hold of the contacts that began in a period with what it holds. All of the period is
 * kept in memory, so a long one is compared in pieces. Rejects with a ServiceError if the core can't tell everything.
 */
export async function comparePeriod(period: Period, parts: CompareParts): Promise<Comparison> {
  const { core, signal } = parts;
  const tally = new Tally();
  const { expected, waiting, own } = await readOurs(period, parts, tally);
  const matcher = new Matcher(expected);
  let surplus = 0;
  for await (const remote of core.remoteContacts(period, signal)) {
    if (matcher.take(remote)) continue;
    if (remote.interaction === null) tally.add(remote.channel, 'unknown');
    else if (await isSurplus(remote.interaction, period, own, parts)) surplus += 1;
  }
  const unmatched = matcher.unmatched;
  for (let at = 0; at < unmatched.length; at += pageSize)
    for (const remote of await core.find(unmatched.slice(at, at + pageSize), signal)) matcher.take(remote);
  const missing = new Set(matcher.unmatched);
  for (const [first] of byContact(expected)) if (!missing.has(first)) tally.add(first.channel, 'theirs');
  const { differences } = matcher;
  const found = await judged(differences.slice(0, parts.maxFound), parts);
  const further = Math.max(0, differences.length - (parts.maxFound ?? differences.length));
  return { counts: tally.counts, found, further, waiting, surplus };
}

/** Numbers by channel. */
class Tally {
  readonly counts: Partial<Record<Channel, ChannelCounts>> = {};

  add(channel: Channel, what: keyof ChannelCounts): void {
    const before = this.counts[channel] ?? { stored: 0, ours: 0, theirs: 0, waiting: 0, unknown: 0 };
    this.counts[channel] = { ...before, [what]: before[what] + 1 };
  }
}

interface Ours {
  readonly expected: readonly ExpectedContact[];
  readonly waiting: readonly Waiting[];
  /** Contacts of the period from which nothing, or not yet anything, is expected. */
  readonly own: ReadonlyMap<InteractionId, 'waits' | 'settled'>;
}

async function readOurs({ from, until }: Period, parts: CompareParts, tally: Tally): Promise<Ours> {
  const { core, destination, read, signal } = parts;
  const expected: ExpectedContact[] = [];
  const waiting: Waiting[] = [];
  const own = new Map<InteractionId, 'waits' | 'settled'>();
  const between = { from: new Date(from).toISOString(), until: new Date(until).toISOString(), limit: pageSize };
  for (let cursor: string | null = null, isFirst = true; isFirst || cursor !== null; isFirst = false) {
    signal.throwIfAborted();
    const page = await read.interactionsBetween({ ...between, cursor });
    const ids = page.items.map(({ id }) => id);
    const owed = new Map((await read.owedOf(destination, 'interaction', ids)).map((one) => [one.subject, one]));
    for (const interaction of page.items) {
      const { id, channel } = interaction;
      if (interaction.mergedInto === null) tally.add(channel, 'stored');
      const delivery = owed.get(id);
      const state = stateOf(interaction, delivery);
      if (state === 'finished') {
        const things = await core.expectedOf(interaction, signal);
        expected.push(...things);
        if (things.length > 0) tally.add(channel, 'ours');
      } else if (state !== 'none') {
        tally.add(channel, 'ours');
        tally.add(channel, 'waiting');
        waiting.push({ interaction: id, channel, state, reason: delivery?.lastReason ?? null });
      }
      own.set(id, state === 'due' || state === 'parked' ? 'waits' : 'settled');
    }
    cursor = page.next;
  }
  return { expected, waiting, own };
}

/** Whether a contact was delivered; `none` if it does not have to be. A call in progress is not delivered yet. */
function stateOf(
  { state, mergedInto }: Interaction,
  delivery: Owed | undefined,
): Waiting['state'] | 'finished' | 'none' {
  if (delivery === undefined || delivery.state === 'skipped') return 'none';
  if (delivery.state === 'done') return isLive(state) ? 'due' : 'finished';
  return mergedInto === null ? delivery.state : 'none';
}

/** Whether something with our mark belongs to no contact that accounts for it. */
async function isSurplus(
  id: InteractionId,
  { from, until }: Period,
  own: Ours['own'],
  { read }: CompareParts,
): Promise<boolean> {
  const known = own.get(id);
  if (known !== undefined) return known === 'settled';
  const interaction = await read.interaction(id);
  if (interaction === null) return true;
  // The second part of a call that was transferred may begin on the next day, where its contact is not.
  const began = Date.parse(interaction.startedAt);
  return began >= from && began < until;
}

/** What is expected, contact by contact. */
function byContact(expected: readonly ExpectedContact[]): Iterable<readonly [ExpectedContact, ...ExpectedContact[]]> {
  const contacts = new Map<InteractionId, [ExpectedContact, ...ExpectedContact[]]>();
  for (const one of expected) {
    const known = contacts.get(one.interaction);
    if (known === undefined) contacts.set(one.interaction, [one]);
    else known.push(one);
  }
  return contacts.values();
}

async function judged(
  differences: readonly Difference[],
  { core, read, signal }: CompareParts,
): Promise<readonly Found[]> {
  const found: Found[] = [];
  for (const difference of differences) {
    const interaction = await read.interaction(difference.expected.interaction);
    // Erased meanwhile.
    if (interaction === null) continue;
    found.push({
      difference,
      startedAt: interaction.startedAt,
      mending: await core.mendingOf(difference, interaction, signal),
    });
  }
  return found;
}
