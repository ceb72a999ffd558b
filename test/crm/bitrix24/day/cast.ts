import type { CallSnapshot, ContactEvent } from '../../../../src/domain/interaction/contact-event.ts';
import type { WrittenContact } from '../../../../src/domain/written/written-contact.ts';
import type { Contact, DayEvent } from './happening.ts';
import { type Person, stranger } from './people.ts';
import { seenAt, type Tape } from './tapes.ts';

/** Who calls and writes. */
export class Cast {
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

/** A call of the day, whose clients are people of the cast. */
export function callOf(tape: Tape<CallSnapshot>, index: number, begin: number, cast: Cast): Contact {
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

/** A letter, message or form of the day, written by somebody of the cast. */
export function writtenOf(tape: Tape, channel: Contact['channel'], index: number, begin: number, cast: Cast): Contact {
  const accounts = new Map<string, Person>();
  const [first] = tape.events;
  const person = cast.next(channel === 'message' ? `account ${first?.connection}` : channel);
  const rename = (key: string) => key.replace(':', `:day${index}-`) as ContactEvent['key'];
  const personOf = (account: string): Person => {
    const known = accounts.get(account) ?? (accounts.size === 0 ? person : cast.next(`account ${first?.connection}`));
    accounts.set(account, known);
    return known;
  };
  const events = tape.events.map((event, at): DayEvent => {
    const time = begin + at * 20_000;
    if (event.kind === 'reading')
      return { ...event, key: rename(event.key), thread: `${event.thread} ${index}`, at: time };
    if (event.kind !== 'written') return { ...event, key: rename(event.key), at: time } as DayEvent;
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
  return {
    name: tape.name,
    channel,
    key: first === undefined ? '' : rename(first.key),
    person,
    events,
    end: begin + events.length * 20_000,
  };
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
