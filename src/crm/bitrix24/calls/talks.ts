import type { Interaction } from '../../../domain/interaction/interaction.ts';
import { isOurs } from '../../shared/our-legs.ts';

/** The portal users of a call. */
export interface Staff {
  /** The user at each leg; null if it is no telephone of ours, or the portal does not know its manager. */
  readonly legs: readonly (number | null)[];
  /** Whose the call is if nobody talked. */
  readonly owner: number | null;
  /** Whose the calls of managers are that the portal does not know; null if not needed. */
  readonly fallback: number | null;
}

/** What one portal user had of a call. */
export interface Talk {
  readonly user: number;
  /** When their telephone first rang. */
  readonly rangAt: string;
  /** Overlapping talks count once. At least 1: to the portal, a call without duration is a missed one. */
  readonly seconds: number;
  /** Whether they are talking now. */
  readonly isOn: boolean;
  /** Indexes of their legs. */
  readonly legs: readonly number[];
}

/** Who talked, in the order in which they began to. */
export function talksOf(call: Interaction, staff: Staff): readonly Talk[] {
  const byUser = new Map<number, number[]>();
  const talked = [...call.legs.keys()]
    .filter((index) => {
      const leg = call.legs[index];
      return leg !== undefined && isOurs(call, leg) && leg.talkedAt !== null;
    })
    .sort((a, b) => talkedAt(call, a) - talkedAt(call, b));
  for (const index of talked) {
    const user = staff.legs[index] ?? staff.fallback;
    if (user !== null) byUser.set(user, [...(byUser.get(user) ?? []), index]);
  }
  return [...byUser].map(([user, legs]) => talkOf(call, user, legs));
}

function talkedAt({ legs }: Interaction, index: number): number {
  return Date.parse(legs[index]?.talkedAt ?? '');
}

function talkOf(call: Interaction, user: number, indexes: readonly number[]): Talk {
  const legs = indexes.flatMap((index) => call.legs[index] ?? []);
  const end = call.endedAt ?? call.startedAt;
  const spans = legs.map((leg) => [Date.parse(leg.talkedAt ?? end), Date.parse(leg.endedAt ?? end)] as const);
  const [first] = legs;
  return {
    user,
    rangAt: first?.rangAt ?? first?.talkedAt ?? call.startedAt,
    seconds: Math.max(1, Math.round(covered(spans) / 1000)),
    isOn: call.endedAt === null && legs.some(({ endedAt }) => endedAt === null),
    legs: indexes,
  };
}

/** The length of what spans cover together. They are sorted by their beginning. */
function covered(spans: readonly (readonly [from: number, to: number])[]): number {
  let total = 0;
  let until = Number.NEGATIVE_INFINITY;
  for (const [from, to] of spans) {
    total += Math.max(0, to - Math.max(from, until));
    until = Math.max(until, to);
  }
  return total;
}

/** The portal users whose telephones ring, or who dial. */
export function ringing(call: Interaction, staff: Staff): readonly number[] {
  const users = call.legs.flatMap((leg, index) => {
    const isWaiting = isOurs(call, leg) && leg.outcome === null && leg.endedAt === null && leg.talkedAt === null;
    const user = staff.legs[index] ?? null;
    return isWaiting && user !== null && (leg.rangAt !== null || call.direction !== 'inbound') ? [user] : [];
  });
  return [...new Set(users)];
}
