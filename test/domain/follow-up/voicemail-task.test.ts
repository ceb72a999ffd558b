import { describe, expect, it } from 'vitest';
import { taskNews, taskOf } from '../../../src/domain/follow-up/follow-up.ts';
import type { Interaction } from '../../../src/domain/interaction/interaction.ts';
import { completed, type StoredInteraction } from '../../../src/store/shared/interaction-body.ts';

const now = Date.parse('2026-11-24T09:10:00Z');
const owner = { id: 'b', name: 'Boris' };

/** A missed call of a withheld number. `message`: it reached the mailbox of 102, where the caller left a message. */
function missed(message: boolean, change: Partial<Interaction> = {}): Interaction {
  const box = { kind: 'voicemail', manager: owner, extension: '102', phone: null, outcome: 'answered' } as const;
  const at = '2026-11-24T09:00:00.000Z';
  const sound = { id: 'r', leg: 0, kind: 'voicemail', state: 'pending', startedAt: at, url: null } as const;
  const stored = {
    ...{ id: 'i', revision: 2, channel: 'call', direction: 'inbound', state: 'missed', startedAt: at, endedAt: at },
    party: { phone: null, raw: '', ext: null, withheld: true, email: null, account: null, name: null },
    legs: [{ ...box, rangAt: null, talkedAt: at, endedAt: at }],
    recordings: message ? [{ ...sound, seconds: null, mime: null, bytes: null }] : [],
    match: { outcome: 'unknown', decidedBy: 'auto', by: null, at, candidates: [] },
    ...{ links: {}, reconstructed: false, ...change },
  };
  return completed(stored as unknown as StoredInteraction);
}

describe('a message in voicemail', () => {
  it('is a task for the owner of the mailbox, even if nobody can be called back', () => {
    expect(taskNews(null, missed(false), now)).toBeNull();
    expect(taskNews(null, missed(true), now)).toBe('call_back');
    expect(taskOf(missed(true), 'call_back', undefined, now).manager).toEqual(owner);
  });

  it("is a task for the client's responsible manager if there is one", () => {
    const responsible = { id: 'a', name: 'Anna' };
    expect(taskOf(missed(true, { responsible }), 'call_back', undefined, now).manager).toEqual(responsible);
  });

  it('of earlier versions is read without a problem', () => {
    expect(missed(true).recordings).toMatchObject([{ problem: null, problemReason: null }]);
  });
});
