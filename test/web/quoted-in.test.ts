import { describe, expect, it } from 'vitest';
import type { Interaction } from '../../src/domain/interaction/interaction.ts';
import { quotedIn } from '../../web/src/pages/desk/card/quoted-in.ts';

const message = (id: string, direction: 'inbound' | 'outbound', causedBy: string | null) =>
  ({ id, direction, causedBy, channel: 'message' }) as Interaction;

describe('the message above an answer', () => {
  const letters = [
    message('a', 'inbound', null),
    message('b', 'outbound', 'a'),
    message('c', 'inbound', 'b'),
    message('d', 'outbound', 'a'),
    message('e', 'inbound', 'gone'),
  ];

  it('is what a client replied to, and what we answered if it is not just above', () => {
    expect(letters.map((one) => quotedIn(letters, one)?.id ?? null)).toEqual([null, null, 'b', 'a', null]);
  });
});
