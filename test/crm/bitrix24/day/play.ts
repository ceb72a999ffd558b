import type { Interaction } from '../../../../src/domain/interaction/interaction.ts';
import { differencesOf } from './compare.ts';
import { day, type Happening } from './happening.ts';
import { DayOffice, type Mode } from './office.ts';
import { Parties } from './parties.ts';
import type { Kill } from './program.ts';
import { type Size, scheduleOf } from './schedule.ts';
import { seenIn } from './seen.ts';
import { wantedOf } from './wanted.ts';

/** A day as it is played. */
export interface DayPlan {
  readonly mode: Mode;
  readonly seed: number;
  readonly size: Size;
  readonly kills: readonly Kill[];
  /** What goes wrong outside, as further happenings. */
  readonly troubles: (office: DayOffice) => readonly Happening[];
}

/** Plays a day to its end, with a client who is deleted in the evening. Returns the office with the differences. */
export async function play({ mode, seed, size, kills, troubles }: DayPlan) {
  const office = await DayOffice.open(mode, day.begin, kills);
  const happenings = [...(await scheduleOf(seed, size, office)), ...troubles(office)];
  for (const { at, run } of happenings.toSorted((a, b) => a.at - b.at)) {
    await office.until(at);
    await run(office);
  }
  await office.settle();
  const before = await contactsOf(office);
  const erased = busiest(before);
  await office.apply([{ op: 'delete-client', id: erased as never, at: office.now }]);
  await office.settle();
  return { office, differences: await judge(office, mode, erased, before) };
}

/** The client with the most contacts. */
function busiest(contacts: readonly Interaction[]): string {
  const counts = new Map<string, number>();
  for (const { client } of contacts) if (client !== null) counts.set(client.id, (counts.get(client.id) ?? 0) + 1);
  return [...counts].toSorted(([, a], [, b]) => b - a)[0]?.[0] ?? '';
}

async function judge(office: DayOffice, mode: Mode, erased: string, before: readonly Interaction[]) {
  const { portal } = office;
  const contacts = await contactsOf(office);
  const parties = new Parties(contacts, portal);
  const byId = new Map(contacts.map((contact) => [contact.id as string, contact]));
  const seen = seenIn(portal, {
    contacts: byId,
    parties,
    soundOf: (sound) => office.id(sound.replace('sound of ', '')),
  });
  const wereErased = new Set(before.filter(({ client }) => client?.id === erased).map(({ id }) => id as string));
  const files = new Map<string, number>();
  for (const { id, attachments } of contacts) files.set(id, await office.filesOf(attachments));
  const wanted = wantedOf({
    contacts,
    leads: [...office.leads.values()],
    tasks: [...office.tasks.values()],
    parties,
    portal,
    mode,
    wereErased,
    hasRecording: ({ recordings, state, automatic }) =>
      automatic === null &&
      recordings.some((one) => one.state === 'ready' && (one.kind === 'voicemail') === (state !== 'answered')),
    files: ({ id }) => files.get(id) ?? 0,
  });
  const about = (name: string) => {
    const [, id = ''] = /([0-9a-f]{8}-[0-9a-f-]{27})/.exec(name) ?? [];
    const task = office.tasks.get(id);
    const contact = byId.get(id);
    const told = task === undefined || name.startsWith('record') ? '' : `${task.kind} ${task.state}, `;
    if (contact === undefined) return `${told}unknown`;
    const { channel, direction, state, startedAt, match, client, party, automatic } = contact;
    const who = client?.id ?? `${match.outcome}/${match.decidedBy} ${parties.of(party)}`;
    return `${told}${channel} ${direction} ${state}${automatic === null ? '' : ` ${automatic}`} at ${startedAt.slice(11, 19)} of ${who}, ${office.keyOf(id)}`;
  };
  return differencesOf(wanted, seen, about);
}

async function contactsOf(office: DayOffice): Promise<readonly Interaction[]> {
  const all: Interaction[] = [];
  let cursor: string | null = null;
  do {
    const page: { readonly items: readonly Interaction[]; readonly next: string | null } =
      await office.read.interactions({
        limit: 200,
        cursor,
      });
    all.push(...page.items);
    cursor = page.next;
  } while (cursor !== null);
  return all;
}
