import type { Interaction } from '../../../domain/interaction/interaction.ts';
import type { Mapping } from '../metadata/mapping.ts';
import { callSet, phoneCall } from './kinds/call.ts';
import { event, eventSet } from './kinds/event.ts';
import { incoming, incomingLetter, outgoing, outgoingLetter } from './kinds/letter.ts';
import { meeting, meetingSet } from './kinds/meeting.ts';
import { messengerMessage, messengerSet } from './kinds/messenger.ts';
import { textMessage, textMessageSet } from './kinds/text-message.ts';
import type { DocumentKind } from './planned.ts';

const kinds: readonly DocumentKind[] = [
  { set: eventSet, purpose: 'events', markedIn: 'Содержание', hasSubject: false, plan: event },
  { set: callSet, purpose: 'calls', markedIn: 'Комментарий', hasSubject: true, plan: phoneCall },
  { set: incoming, purpose: 'letters', markedIn: 'Комментарий', hasSubject: true, plan: incomingLetter },
  { set: outgoing, purpose: 'letters', markedIn: 'Комментарий', hasSubject: true, plan: outgoingLetter },
  { set: meetingSet, purpose: 'meetings', markedIn: 'Комментарий', hasSubject: true, plan: meeting },
  { set: messengerSet, purpose: 'messages', markedIn: 'ID_Сообщения', hasSubject: false, plan: messengerMessage },
  { set: textMessageSet, purpose: 'messages', markedIn: 'Комментарий', hasSubject: true, plan: textMessage },
];

/** The kind of document of a set; null if there is none. */
export function kindOfSet(set: string): DocumentKind | null {
  return kinds.find((kind) => kind.set === set) ?? null;
}

/** The kind of document that a configuration has for a contact; null if it has none. */
export function kindOf(contact: Interaction, mapping: Mapping): DocumentKind | null {
  const isUsed = (set: string) => mapping.preset.objects.some((one) => one.set === set);
  if (isUsed(eventSet)) return kindOfSet(eventSet);
  const set = setFor(contact, mapping);
  return isUsed(set) ? kindOfSet(set) : null;
}

/** БСП has no document for messages of messengers, so they are letters there, whose subject names the messenger. */
function setFor({ channel, direction, party }: Interaction, mapping: Mapping): string {
  const letter = direction === 'outbound' ? outgoing : incoming;
  switch (channel) {
    case 'call':
      return callSet;
    case 'meeting':
      return meetingSet;
    case 'email':
    case 'form':
      return letter;
    case 'message':
      if (mapping.hasSet(messengerSet)) return messengerSet;
      return direction === 'outbound' && party.phone !== null && mapping.hasSet(textMessageSet)
        ? textMessageSet
        : letter;
  }
}
