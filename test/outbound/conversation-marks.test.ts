import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { InteractionId } from '../../src/domain/base/ids.ts';
import { reason } from '../../src/domain/reasons/reasons.ts';
import { type ClientMarker, ConversationMarks } from '../../src/outbound/conversation-marks.ts';
import { ServiceError } from '../../src/runtime/http/service-error.ts';
import { silentLogger } from '../../src/runtime/log.ts';

const message = (id: string, thread: string | null = `thread of ${id}`) => ({ id: id as InteractionId, thread });

describe('the marks that clients are shown', () => {
  let now: number;
  let calls: string[];
  let marker: { -readonly [Name in keyof ClientMarker]: ClientMarker[Name] };
  let marks: ConversationMarks;
  /** What the service answers next; by default it accepts. */
  let answer: () => Promise<void>;

  beforeEach(() => {
    now = 1_000_000;
    calls = [];
    answer = async () => {};
    marker = {
      marks: { typing: true, read: 'opened' },
      showTyping: ({ message: id }) => {
        calls.push(`typing ${id}`);
        return answer();
      },
      markRead: ({ message: id }) => {
        calls.push(`read ${id}`);
        return answer();
      },
    };
    marks = new ConversationMarks({
      read: {
        replyHandle: async (id) => (id.startsWith('none') ? null : { connection: 'chat', handle: { message: id } }),
      },
      marker: (connection) => (connection === 'chat' ? marker : null),
      clock: { now: () => now },
      log: silentLogger,
    });
  });

  /** A call of the service that goes on until it is ended. */
  function pending(): () => void {
    let end = () => {};
    answer = () =>
      new Promise((resolve) => {
        end = resolve;
      });
    return () => end();
  }

  it('show that an operator is writing, once in a few seconds for each conversation', async () => {
    for (const at of [0, 1000, 3999, 4000, 4001]) {
      now = 1_000_000 + at;
      await marks.typing(message('a'));
    }
    await marks.typing(message('b'));
    await marks.typing(message('another message of b', 'thread of b'));
    expect(calls).toEqual(['typing a', 'typing a', 'typing b']);
  });

  it('never make two calls of one connection at once', async () => {
    const end = pending();
    const first = marks.typing(message('a'));
    await vi.waitFor(() => expect(calls).toEqual(['typing a']));
    await marks.typing(message('b'));
    expect(calls).toEqual(['typing a']);
    end();
    await first;
    now += 4000;
    answer = async () => {};
    await marks.typing(message('b'));
    expect(calls).toEqual(['typing a', 'typing b']);
  });

  it('pause as long as the service asks, and fail silently', async () => {
    answer = async () => {
      throw new ServiceError('later', reason('unexplained'), 20_000);
    };
    await marks.typing(message('a'));
    now += 19_999;
    await marks.typing(message('a'));
    expect(calls).toEqual(['typing a']);
    now += 5000;
    await marks.typing(message('a'));
    expect(calls).toEqual(['typing a', 'typing a']);
    answer = async () => {
      throw new Error('unexpected');
    };
    now += 60_000;
    await marks.typing(message('a'));
    await marks.opened(message('a'));
    await vi.waitFor(() => expect(calls).toContain('read a'));
  });

  it('are shown only as the connection allows', async () => {
    marker.marks = { typing: false, read: 'answered' };
    await marks.typing(message('a'));
    await marks.opened(message('a'));
    marks.answered('chat', null);
    marks.answered('mail', { message: 'a' });
    expect(calls).toEqual([]);
    marks.answered('chat', { message: 'a' });
    await vi.waitFor(() => expect(calls).toEqual(['read a']));
    marker.marks = { typing: false, read: 'never' };
    marks.answered('chat', { message: 'b' });
    await marks.typing(message('none'));
    await marks.opened(message('none'));
    expect(calls).toEqual(['read a']);
  });

  it('mark each message as read once, one after the other', async () => {
    const end = pending();
    await marks.opened(message('a'));
    await marks.opened(message('b'));
    await marks.opened(message('b'));
    await marks.opened(message('a'));
    expect(calls).toEqual(['read a']);
    answer = async () => {};
    end();
    await vi.waitFor(() => expect(calls).toEqual(['read a', 'read b']));
    await marks.opened(message('a'));
    await marks.opened(message('c'));
    await vi.waitFor(() => expect(calls).toEqual(['read a', 'read b', 'read c']));
  });

  it('are tried again when the conversation is opened again, if a call failed', async () => {
    answer = async () => {
      throw new ServiceError('later', reason('unexplained'));
    };
    await marks.opened(message('a'));
    await vi.waitFor(() => expect(calls).toEqual(['read a']));
    answer = async () => {};
    await vi.waitFor(async () => {
      await marks.opened(message('a'));
      expect(calls).toEqual(['read a', 'read a']);
    });
  });
});
