import { anna, client, ids } from './people.ts';

const { id: _id, ...withoutId } = client;

/** A client as a CRM sends it. */
export const clientInput = {
  ...withoutId,
  identifiers: [
    { kind: 'phone', value: '8 (916) 123-45-67' },
    { kind: 'email', value: 'Zakaz@romashka.example' },
  ],
};

/** A meeting at the client's. */
export const newInteraction = {
  key: 'meeting-4711',
  channel: 'meeting',
  direction: 'outbound',
  client: client.id,
  manager: anna.id,
  startedAt: '2026-01-12T12:00:00+03:00',
  endedAt: '2026-01-12T13:00:00+03:00',
  subject: 'Samples of chairs',
  text: 'They take forty, delivery in March.',
};

/** An operator's decision about a call. */
export const interactionPatch = {
  client: client.id,
  contact: 'maria',
  note: 'Wants a quote by Friday.',
  object: { type: 'deal', id: 'd-88' },
};

/** A conversation goes to a colleague. */
export const newHandover = { to: 'petrov', note: 'Maria asks about delivery, you have the prices.' };

/** An answer to a letter. */
export const newMessage = {
  key: 'answer-4711',
  manager: anna.id,
  interaction: ids.letter,
  text: 'The quote is attached.',
};

/** A call back. */
export const newCall = { key: 'call-4711', manager: anna.id, phone: '+7 916 123-45-67', interaction: ids.call };

/** A reminder. */
export const newTask = {
  manager: anna.id,
  interaction: ids.call,
  text: 'Send the quote.',
  dueAt: '2026-01-13T18:00:00+03:00',
};
