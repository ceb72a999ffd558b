import { expect, it } from 'vitest';
import type { Interaction } from '../../src/domain/interaction/interaction.ts';
import { openConversations } from '../../web/src/pages/desk/open-conversations.ts';

const anna = { id: 'a', name: 'Anna' };
const petr = { id: 'b', name: 'Petr' };

/** The fields of a message that the inbox uses. */
function message(id: string, thread: string | null, minute: number, more: Partial<Interaction> = {}): Interaction {
  const startedAt = `2026-03-10T09:${String(minute).padStart(2, '0')}:00.000Z`;
  const rest = { direction: 'inbound', answeredAt: null, automatic: null, closed: null, assignee: null };
  return { id, thread, startedAt, channel: 'message', responsible: anna, ...rest, ...more } as unknown as Interaction;
}

it('lists each open conversation of the manager once, those that wait first', () => {
  const contacts = [
    message('1', 'x', 1),
    message('2', 'x', 2, { direction: 'outbound' }),
    message('3', 'y', 3),
    message('4', 'z', 4, { closed: { by: anna, at: '' } }),
    message('5', 'given', 5, { assignee: petr }),
    message('6', 'taken', 6, { responsible: petr, assignee: anna }),
    message('7', null, 7, { answeredAt: '2026-03-10T09:08:00.000Z' }),
    message('8', 'list', 8, { automatic: 'list' }),
  ];
  expect(openConversations(contacts, 'a').map(({ id }) => id)).toEqual(['6', '3', '7', '2']);
  expect(openConversations(contacts, 'b').map(({ id }) => id)).toEqual(['5']);
});

it('ignores automatic messages, and counts a failed one as waiting', () => {
  const contacts = [
    message('1', 'x', 1),
    message('2', 'x', 2, { automatic: 'auto_reply' }),
    message('3', 'y', 3, { direction: 'outbound', state: 'failed' }),
    message('4', 'y', 4, { automatic: 'bounce' }),
    message('5', 'z', 5, { direction: 'outbound', state: 'sent' }),
  ];
  expect(openConversations(contacts, 'a').map(({ id }) => id)).toEqual(['3', '1', '5']);
});
