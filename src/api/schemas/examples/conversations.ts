import { interactionExample } from './interaction.ts';
import { ids } from './people.ts';

/** A conversation that waits for an answer. */
export const conversation = {
  id: 'mail:<4711@romashka.example>',
  waitingSince: '2026-01-12T09:01:40.000Z',
  latest: interactionExample,
};

/** Unanswered conversations of a small department. */
export const counts = { mine: 3, department: 9, nobody: 1, all: 14 };

/** Two conversations for a colleague. */
export const bulkHandover = {
  interactions: [ids.call, ids.letter],
  to: 'petrov',
  note: 'I am away until Monday.',
};

/** Two conversations that need no answer. */
export const bulkClose = { interactions: [ids.call, ids.letter] };

/** A conversation that somebody else has closed meanwhile. */
export const bulkResult = {
  id: ids.call,
  problem: { type: 'conflict', detail: 'the conversation is already closed' },
};

/** A mailbox. */
export const line = { id: 'sales', label: 'Sales', channel: 'email' };

/** A short answer for a department. */
export const cannedAnswer = {
  id: 'prices',
  title: 'Price list',
  text: 'Hello {contact.name}, the price list is attached. {manager.name}, ext. {manager.extension}',
  subject: null,
  language: 'en',
  departments: ['Sales'],
  channels: [],
  files: [{ name: 'prices.pdf', mime: 'application/pdf', bytes: 48_213 }],
};
