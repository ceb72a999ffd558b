import type { CallSnapshot, ContactEvent } from '../../../../src/domain/interaction/contact-event.ts';
import type { WrittenContact } from '../../../../src/domain/written/written-contact.ts';
import { seededRandom } from '../../../support/random.ts';
import { writtenAt } from '../../../support/written.ts';
import { answered, edited, withRecordings } from './changes.ts';
import { decisionsOf } from './decisions.ts';
import type { DayOffice } from './office.ts';
import { type Person, stranger } from './people.ts';
import { callTapes, formTapes, letterTapes, messageTapes, seenAt, type Tape } from './tapes.ts';

const hour = 3_600_000;

/** The day: yesterday from eight to eight, and three hours within it in which the portal is away. */
export const day = {
  begin: writtenAt - hour,
  outage: { from: writtenAt + 3 * hour, to: writtenAt + 6 * hour },
  end: writtenAt + 11 * hour,
};

/** Something that happens during the day. */
export interface Happening {
  readonly at: number;
  readonly run: (office: DayOffice) => Promise<unknown>;
}

/** A contact of the day, with whom it was. */
export interface Contact {
  readonly name: string;
  readonly channel: 'call' | 'email' | 'message' | 'form';
  /** The key of its (first) event. */
  readonly key: string;
  readonly person: Person;
  readonly events: readonly ContactEvent[];
  /** When it was over. */
  readonly end: number;
}

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
  const sample = <Item>(items: readonly Item[], count: number) => shuffled(items, random).slice(0, count);
  const some = () => day.begin + Math.floor(random() * (day.end - day.begin - hour));
  const calls = sample(callTapes(), size.calls).map((tape, index) => callOf(tape, index, some(), cast));
  const [letters, messages] = [await letterTapes(office.blobs, day.begin), await messageTapes(office.blobs, day.begin)];
  const written = [
    ...sample(letters, size.letters).map((tape) => ({ tape, channel: 'email' as const })),
    ...sample(messages, size.messages).map((tape) => ({ tape, channel: 'message' as const })),
    ...sample(formTapes(day.begin), size.forms).map((tape) => ({ tape, channel: 'form' as const })),
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

function emit(event: ContactEvent): Happening['run'] {
  return (office) => office.emit(event);
}

/** When an event reaches us. */
export function timeOf(event: ContactEvent): number {
  return event.kind === 'call' ? seenAt(event) : event.at;
}

/** Who calls and writes. */
class Cast {
  readonly #people: readonly Person[];
  readonly #random: () => number;
  #strangers = 0;
  /** Strangers who may come again, by how they are recognised. */
  readonly #again = new Map<string, Person[]>();

  constructor(people: readonly Person[], random: () => number) {
    this.#people = people;
    this.#random = random;
  }

  /** Somebody. A stranger always comes the same way (`by`), so that he is one party. */
  next(by: string): Person {
    const random = this.#random;
    if (random() < 0.55) return this.#people[Math.floor(random() * this.#people.length)] as Person;
    const again = this.#again.get(by) ?? [];
    if (again.length > 0 && random() < 0.3) return again[Math.floor(random() * again.length)] as Person;
    this.#strangers += 1;
    const person = stranger(this.#strangers);
    this.#again.set(by, [...again, person]);
    return person;
  }
}

/** The numbers of clients in the tapes; 0901 and 0902 are mobiles of managers. */
const clientNumber = /^\+?[78]?999000(?!0(?:901|902)$)\d{4}$/;

function callOf(tape: Tape<CallSnapshot>, index: number, begin: number, cast: Cast): Contact {
  const people = new Map<string, Person>();
  const personOf = (digits: string): Person => {
    const known = people.get(digits) ?? cast.next('phone');
    people.set(digits, known);
    return known;
  };
  const rename = (key: string) => key.replace(/^pbx:/, `pbx:day${index}-`) as CallSnapshot['key'];
  const events = tape.events.map((snapshot): CallSnapshot => {
    const moved = shifted(snapshot, begin) as CallSnapshot;
    const { party } = moved;
    const isClient = moved.direction !== 'internal' && clientNumber.test(party.raw);
    const { phone } = isClient ? personOf(party.raw.replace(/\D/g, '').slice(-10)) : { phone: party.raw };
    const { number: _, ...rest } = party;
    return {
      ...moved,
      key: rename(moved.key),
      aliases: moved.aliases.map(rename),
      party: isClient ? { ...rest, raw: phone } : party,
    };
  });
  const [person = cast.next('none')] = people.values();
  const last = events.at(-1);
  const end = last === undefined ? begin : seenAt(last);
  return { name: tape.name, channel: 'call', key: last?.key ?? '', person, events, end };
}

/** A snapshot with all its times moved. */
function shifted(value: unknown, by: number): unknown {
  if (Array.isArray(value)) return value.map((item) => shifted(item, by));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      typeof inner === 'number' && (name === 'at' || name.endsWith('At')) ? inner + by : shifted(inner, by),
    ]),
  );
}

function writtenOf(tape: Tape, channel: Contact['channel'], index: number, begin: number, cast: Cast): Contact {
  const accounts = new Map<string, Person>();
  const [first] = tape.events;
  const person = cast.next(channel === 'message' ? `account ${first?.connection}` : channel);
  const rename = (key: string) => key.replace(':', `:day${index}-`) as ContactEvent['key'];
  const personOf = (account: string): Person => {
    const known = accounts.get(account) ?? (accounts.size === 0 ? person : cast.next(`account ${first?.connection}`));
    accounts.set(account, known);
    return known;
  };
  const events = tape.events.map((event, at): ContactEvent => {
    const time = begin + at * 20_000;
    if (event.kind === 'reading') return { ...event, key: rename(event.key), thread: `${event.thread} ${index}`, at: time };
    if (event.kind !== 'written') return { ...event, key: rename(event.key), at: time } as ContactEvent;
    const { account } = event.party;
    const by = account === null ? person : personOf(account.id);
    return {
      ...event,
      key: rename(event.key),
      aliases: event.aliases.map(rename),
      answers: event.answers.map(rename),
      ...(event.sharedNames !== undefined && { sharedNames: event.sharedNames.map(rename) }),
      party: partyOf(event, by),
      thread: event.thread === null ? null : `${event.thread} ${index}`,
      at: time,
      ...(event.arrivedAt !== undefined && { arrivedAt: time }),
      ...(event.editedAt !== undefined && { editedAt: time }),
    };
  });
  return { name: tape.name, channel, key: first === undefined ? '' : rename(first.key), person, events, end: begin + events.length * 20_000 };
}

/** The party as the channel shows it. A form has a number too, a letter only its address. */
function partyOf({ channel, party }: WrittenContact, person: Person): WrittenContact['party'] {
  if (channel === 'message') {
    const { account } = party;
    const own = account === null ? null : { ...account, id: `${account.kind}${person.account}`, username: null };
    return { ...party, account: own, phone: party.phone === null ? null : person.phone };
  }
  // A letter that brings a form.
  if (channel === 'email' || party.phone === null) return { ...party, phone: null, email: person.email };
  return { ...party, phone: person.phone, email: party.email === null ? null : person.email };
}

function shuffled<Item>(items: readonly Item[], random: () => number): readonly Item[] {
  const left = [...items];
  for (let at = left.length - 1; at > 0; at -= 1) {
    const other = Math.floor(random() * (at + 1));
    [left[at], left[other]] = [left[other] as Item, left[at] as Item];
  }
  return left;
}
