import { seededRandom } from '../../../support/random.ts';
import { Cast, callOf, writtenOf } from './cast.ts';
import { answered, edited, withRecordings } from './changes.ts';
import { decisionsOf } from './decisions.ts';
import { type Contact, type DayEvent, day, type Happening } from './happening.ts';
import type { DayOffice } from './office.ts';
import { type Choose, callTapes, formTapes, letterTapes, messageTapes, seenAt } from './tapes.ts';

const hour = 3_600_000;

/** How much of each kind a day has. */
export interface Size {
  readonly calls: number;
  readonly letters: number;
  readonly messages: number;
  readonly forms: number;
}

/** What happens on the day of a seed, in order. */
export async function scheduleOf(seed: number, size: Size, office: DayOffice): Promise<readonly Happening[]> {
  const random = seededRandom(seed);
  const cast = new Cast(office.population.people, random);
  const sample =
    (count: number): Choose =>
    (items) =>
      shuffled(items, random).slice(0, count);
  const some = () => day.begin + Math.floor(random() * (day.end - day.begin - hour));
  const calls = sample(size.calls)(callTapes()).map((tape, index) => callOf(tape, index, some(), cast));
  const written = [
    ...(await letterTapes(office.blobs, day.begin, sample(size.letters))).map((tape) => ({
      tape,
      channel: 'email' as const,
    })),
    ...(await messageTapes(office.blobs, day.begin, sample(size.messages))).map((tape) => ({
      tape,
      channel: 'message' as const,
    })),
    ...sample(size.forms)(formTapes(day.begin)).map((tape) => ({ tape, channel: 'form' as const })),
  ].map(({ tape, channel }, index) => writtenOf(tape, channel, index, some(), cast));
  const contacts: Contact[] = [];
  for (const one of calls) contacts.push(random() < 0.5 ? await withRecordings(one, office, random) : one);
  for (const one of written) contacts.push(random() < 0.15 ? edited(one, random) : one);
  contacts.push(...contacts.flatMap((one) => (random() < 0.15 ? answered(one, random) : [])));
  const happenings = [
    ...contacts.flatMap(({ events }) => events.map((event) => ({ at: timeOf(event), run: emit(event) }))),
    ...decisionsOf(contacts, random),
  ];
  return happenings.toSorted((a, b) => a.at - b.at);
}

function emit(event: DayEvent): Happening['run'] {
  return (office) => office.emit(event);
}

/** When an event reaches us. */
export function timeOf(event: DayEvent): number {
  return event.kind === 'call' ? seenAt(event) : event.at;
}

function shuffled<Item>(items: readonly Item[], random: () => number): readonly Item[] {
  const left = [...items];
  for (let at = left.length - 1; at > 0; at -= 1) {
    const other = Math.floor(random() * (at + 1));
    [left[at], left[other]] = [left[other] as Item, left[at] as Item];
  }
  return left;
}
