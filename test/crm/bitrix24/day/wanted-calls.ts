import type { Interaction, Leg } from '../../../../src/domain/interaction/interaction.ts';
import { cardsOf, isDenied, makesLead, type Ours, type Places, strangersCard, userOf, type Wanted } from './ours.ts';

const live = ['ringing', 'talking'];
const outboundCodes: Readonly<Record<string, string>> = {
  busy: '486',
  no_answer: '304',
  rejected: '603',
  wrong_number: '404',
  congestion: '503',
  unavailable: '480',
  cancelled: '603-S',
  failed: 'OTHER',
};

/** The talks of a call that the portal's statistics have to show, by its user. */
export function wantedCall(call: Interaction, ours: Ours): Wanted {
  const wanted: Wanted = new Map();
  const { state, direction, mergedInto } = call;
  const wasNone = state === 'failed' && call.legs.length === 0 && call.problem !== null;
  if (direction === 'internal' || mergedInto !== null || live.includes(state) || wasNone) return wanted;
  const record = ours.hasRecording(call) ? 'its own' : 'none';
  const type = direction === 'inbound' ? 2 : 1;
  const put = (user: number, about: { readonly seconds: number; readonly code: string; readonly at: string }) => {
    const row = { type, ...about, at: new Date(about.at).toISOString().slice(11, 19), record };
    wanted.set(
      `call ${call.id} of user ${user}`,
      placesOfCall(call, ours).map((on) => ({ ...row, on })),
    );
  };
  const talks = talksOf(call);
  for (const [index, { user, seconds, since }] of talks.entries())
    put(user, { seconds, code: '200', at: index === 0 ? call.startedAt : since });
  if (talks.length > 0) return wanted;
  const isAnswered = state === 'answered';
  const seconds = isAnswered ? Math.max(1, call.talkSeconds ?? 0) : 0;
  put(ownerOf(call), { seconds, code: isAnswered ? '200' : codeOf(call), at: call.startedAt });
  return wanted;
}

function codeOf({ direction, automatic, result, state }: Interaction): string {
  if (direction === 'inbound') return automatic === null ? '304' : 'OTHER';
  if (result !== null) return outboundCodes[result.reason] ?? '?';
  return state === 'failed' ? 'OTHER' : '304';
}

/** Telephones of employees. Others are menus, queues, or somebody outside who was called in. */
function employees({ legs }: Interaction): readonly Leg[] {
  return legs.filter(
    ({ kind, extension, manager }) =>
      (kind === 'extension' || kind === 'mobile') && (extension !== null || manager !== null),
  );
}

/** Who talked with the client, from when and how long; who began first goes first. */
function talksOf(
  call: Interaction,
): readonly { readonly user: number; readonly seconds: number; readonly since: string }[] {
  const talked = employees(call)
    .filter(({ talkedAt }) => talkedAt !== null)
    .toSorted((a, b) => Date.parse(a.talkedAt ?? '') - Date.parse(b.talkedAt ?? ''));
  const users = [...new Set(talked.map(({ manager, extension }) => userOf(manager, extension)))];
  return users.map((user) => {
    const legs = talked.filter(({ manager, extension }) => userOf(manager, extension) === user);
    const [first] = legs;
    const seconds = Math.max(1, Math.round(together(legs, call) / 1000));
    return { user, seconds, since: first?.rangAt ?? first?.talkedAt ?? call.startedAt };
  });
}

/** How long at least one of some telephones talked, in milliseconds: the time between two moments counts if any did. */
function together(legs: readonly Leg[], call: Interaction): number {
  const spans = legs.map(
    ({ talkedAt, endedAt }) => [Date.parse(talkedAt ?? ''), Date.parse(endedAt ?? call.endedAt ?? '')] as const,
  );
  const moments = spans.flat().toSorted((a, b) => a - b);
  return moments
    .map((from, index) => [from, moments[index + 1] ?? from] as const)
    .filter(([from, to]) => spans.some(([begin, end]) => begin <= from && to <= end))
    .reduce((total, [from, to]) => total + to - from, 0);
}

/** Whose a call is in which nobody talked. */
function ownerOf(call: Interaction): number {
  if (call.direction !== 'inbound') {
    const [caller] = employees(call);
    return caller === undefined ? userOf(call.handledBy) : userOf(caller.manager, caller.extension);
  }
  const owner = call.responsible === null ? null : userOf(call.responsible);
  if (owner !== null && owner !== userOf(null)) return owner;
  const rang = employees(call)
    .filter((leg) => userOf(leg.manager, leg.extension) !== userOf(null) && (leg.lastRangAt ?? leg.rangAt) !== null)
    .toSorted((a, b) => Date.parse(b.lastRangAt ?? b.rangAt ?? '') - Date.parse(a.lastRangAt ?? a.rangAt ?? ''));
  const [last] = rang;
  return last === undefined ? userOf(null) : userOf(last.manager, last.extension);
}

function placesOfCall(call: Interaction, ours: Ours): Places {
  const [card] = cardsOf(call.client, call.contact);
  if (card !== undefined) return [[card]];
  if (isDenied(call)) {
    const stranger = strangersCard(call, ours);
    return stranger?.startsWith('lead') ? [[], [stranger]] : [[]];
  }
  // The portal itself puts it on one of those who have the number.
  if (call.match.outcome === 'ambiguous')
    return call.match.candidates.map(({ client, contact }) => [cardsOf(client, contact)[0] ?? '']);
  const stranger = strangersCard(call, ours);
  if (stranger === null) return [[]];
  // Our own call to somebody unknown makes nothing. It stands on his lead if that was made before.
  return makesLead(call) || stranger.startsWith('contact') ? [[stranger]] : [[], [stranger]];
}
