import type { CallRecording, CallSnapshot } from '../../../../src/domain/interaction/contact-event.ts';
import type { WrittenContact } from '../../../../src/domain/written/written-contact.ts';
import type { Contact } from './happening.ts';
import { type DayOffice, ownKey } from './office.ts';

const minute = 60_000;

/** A call whose recording is ready some time after its end. A call that cannot have one stays as it is. */
export async function withRecordings(contact: Contact, office: DayOffice, random: () => number): Promise<Contact> {
  const last = contact.events.at(-1) as CallSnapshot;
  const voicemail = last.legs.findIndex(({ kind, talkedAt }) => kind === 'voicemail' && talkedAt !== null);
  const isVoicemail = last.state === 'missed' && voicemail >= 0;
  if (last.endedAt === null || (last.state !== 'answered' && !isVoicemail)) return contact;
  const about = {
    startedAt: last.startedAt,
    kind: isVoicemail ? 'voicemail' : 'call',
    leg: isVoicemail ? voicemail : null,
  } as const;
  const name = `${last.key.replace(/\W/g, '-')}.wav`;
  const ready: CallRecording = await office.recording(name, `sound of ${last.key}`, about);
  const pending: CallRecording = { ...ready, state: 'pending', path: null, bytes: null, seconds: null };
  const at = contact.end + Math.ceil(random() * 60) * minute;
  const events = [
    ...contact.events.slice(0, -1),
    { ...last, recordings: [pending] },
    { ...last, recordings: [ready], seenAt: at } as CallSnapshot,
  ];
  return { ...contact, events };
}

/** A message or letter that is changed later, or deleted by its sender. */
export function edited(contact: Contact, random: () => number): Contact {
  const first = contact.events.find((event) => event.kind === 'written');
  if (first?.kind !== 'written' || contact.channel !== 'message' || first.text === null) return contact;
  const at = contact.end + Math.ceil(random() * 120) * minute;
  const { key, connection } = first;
  const event =
    random() < 0.3
      ? ({ kind: 'deletion', key, connection, at } as const)
      : { ...first, text: `${first.text} [edited]`, at, editedAt: at };
  return { ...contact, events: [...contact.events, event], end: at };
}

/** Our answer to a letter or message, of which it is reported later how far it came; nothing if nobody wrote. */
export function answered(contact: Contact, random: () => number): readonly Contact[] {
  const to = contact.events.find((event) => event.kind === 'written');
  if (to?.kind !== 'written' || to.channel === 'form' || to.direction !== 'inbound' || to.automatic !== null) return [];
  const key = ownKey(to.connection, `answer-${contact.key}`);
  const at = contact.end + Math.ceil(random() * 180) * minute;
  const answer: WrittenContact = {
    ...to,
    key,
    aliases: [],
    sharedNames: [],
    direction: 'outbound',
    state: 'sent',
    manager: random() < 0.5 ? 'm101' : 'm103',
    at,
    arrivedAt: at,
    text: `An answer to ${contact.name}`,
    attachments: [],
    body: null,
    answers: [to.key],
    attribution: null,
  };
  const state = random() < 0.2 ? 'failed' : random() < 0.5 ? 'delivered' : 'read';
  const problem = state === 'failed' ? 'the mailbox is full' : null;
  const report = { kind: 'report', key, connection: to.connection, state, problem, at: at + 5 * minute } as const;
  return [{ ...contact, name: `answer to ${contact.name}`, key, events: [answer, report], end: at + 5 * minute }];
}
