import type { Decision } from '../../../../src/domain/ports/contact-writes.ts';
import type { Write } from '../../../../src/domain/ports/writes.ts';
import type { Contact, Happening } from './happening.ts';
import type { DayOffice } from './office.ts';
import { deciders } from './people.ts';

const minute = 60_000;

/** The decision about a contact at some time after it; undefined: none is possible any more. */
type Act = (office: DayOffice, contact: Contact, random: number) => Promise<Write | undefined>;

/** What the operators of the office decide, and how often. */
const acts: readonly (readonly [share: number, act: Act])[] = [
  [0.1, (office, contact) => decide(office, contact, { note: 'called back' })],
  [0.5, choose],
  [0.05, relink],
  [0.04, (office, contact) => (contact.person.kind === 'known' ? decide(office, contact, { client: null }) : none)],
  [0.3, (office, contact, random) => actOnLead(office, contact, random)],
  [0.15, taskDone],
  [0.05, escalate],
  [0.05, handOver],
  [0.05, close],
];

const none = Promise.resolve(undefined);
const [anna, boris] = deciders as readonly [(typeof deciders)[0], (typeof deciders)[0]];

/** The decisions about the contacts of a day. */
export function decisionsOf(contacts: readonly Contact[], random: () => number): readonly Happening[] {
  const counts = new Map<string, number>();
  for (const { person } of contacts) counts.set(person.name, (counts.get(person.name) ?? 0) + 1);
  return contacts.flatMap((contact) =>
    acts.flatMap(([share, act]) => {
      if (random() >= share) return [];
      const [at, chance] = [contact.end + Math.ceil(random() * 150) * minute, random()];
      // Of a party that comes again, it depends on the portal's absence which of its contacts the lead is made of.
      if (act === acts[4]?.[1] && (counts.get(contact.person.name) ?? 0) > 1) return [];
      return [{ at, run: async (office: DayOffice) => apply(office, await act(office, contact, chance)) }];
    }),
  );
}

/** A refused decision is one that came too late, such as that of a task which is done. */
async function apply(office: DayOffice, write: Write | undefined): Promise<void> {
  if (write !== undefined) await office.apply([write]);
}

async function decide(office: DayOffice, { key }: Contact, decision: Decision): Promise<Write | undefined> {
  const id = office.id(key);
  return id === null ? undefined : { op: 'decide', id, ifRevision: null, by: anna, decision, at: office.now };
}

/** One of several clients with the same number is chosen. */
async function choose(office: DayOffice, contact: Contact): Promise<Write | undefined> {
  const found = await office.interaction(contact.key);
  const [, second] = found?.match.candidates ?? [];
  if (found?.match.outcome !== 'ambiguous' || second === undefined) return undefined;
  return decide(office, contact, { client: second.client.id as never });
}

/** It was another client's. */
async function relink(office: DayOffice, contact: Contact): Promise<Write | undefined> {
  if (contact.person.kind !== 'known') return undefined;
  const others = office.population.people.filter(
    ({ kind, client }) => kind === 'known' && client !== contact.person.client,
  );
  const other = others[contact.key.length % others.length];
  return other?.client == null ? undefined : decide(office, contact, { client: other.client });
}

async function actOnLead(office: DayOffice, contact: Contact, random: number): Promise<Write | undefined> {
  const found = await office.interaction(contact.key);
  const lead = [...office.leads.values()].find(({ latest }) => latest === found?.id);
  if (lead === undefined || (lead.state !== 'open' && lead.state !== 'taken')) return undefined;
  const [first] = office.population.people;
  const act =
    random < 0.5
      ? ({ kind: 'take' } as const)
      : random < 0.75
        ? ({ kind: 'qualify', client: first?.client ?? null } as const)
        : ({ kind: 'reject', reason: 'Not ours' } as const);
  return { op: 'lead', id: lead.id, act, by: boris, at: office.now };
}

async function taskDone(office: DayOffice, { key }: Contact): Promise<Write | undefined> {
  const task = office.tasks.get(office.id(key) ?? '');
  return task === undefined ? undefined : { op: 'task-done', id: task.id, by: anna, at: office.now };
}

async function escalate(office: DayOffice, { key }: Contact): Promise<Write | undefined> {
  const task = office.tasks.get(office.id(key) ?? '');
  return task === undefined ? undefined : { op: 'escalate-task', id: task.id, to: boris, at: office.now };
}

async function handOver(office: DayOffice, { key, channel }: Contact): Promise<Write | undefined> {
  const id = office.id(key);
  if (id === null || channel === 'call') return undefined;
  return { op: 'hand-over', id, to: boris.id, note: null, by: anna, at: office.now };
}

async function close(office: DayOffice, { key, channel }: Contact): Promise<Write | undefined> {
  const id = office.id(key);
  return id === null || channel === 'call' ? undefined : { op: 'close', id, by: anna, at: office.now };
}
