import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Interaction } from '../../src/domain/interaction/interaction.ts';
import type { Store } from '../../src/domain/ports/store.ts';
import type { WrittenContact } from '../../src/domain/written/written-contact.ts';
import { answerTo, letter, writtenAt } from '../support/written.ts';

const day = 86_400_000;
const of = (email: string) => ({ phone: null, email, account: null, name: null });

/** How every store must find a letter's conversation by its subject; run for each implementation. */
export function describeSubjectThreads(name: string, open: () => Promise<Store>): void {
  describe(`${name}: conversations by subject`, () => {
    let store: Store;

    beforeEach(async () => {
      store = await open();
      await take(letter('1', { subject: 'Pumps for hall 7', thread: 't' }));
    });

    afterEach(() => store.close());

    async function take(contact: WrittenContact): Promise<Interaction> {
      const [result] = await store.apply([{ op: 'contact', event: contact }]);
      if (!result?.ok) throw new Error(result?.message);
      return result.changes[0]?.interaction ?? expect.fail('nothing new');
    }

    /** A later letter that references no other letter. */
    const later = (id: string, more: Partial<WrittenContact> = {}) =>
      letter(id, { subject: 'RE[2]: pumps for hall 7', at: writtenAt + day, ...more });

    it('joins an answer of the same participant without references, in either direction', async () => {
      const answered = await take(later('2', { direction: 'outbound', state: 'sent' }));
      expect(answered.thread).toBe('t');
      const again = await take(later('3', { at: writtenAt + 2 * day }));
      expect(again).toMatchObject({ thread: 't', causedBy: answered.id });
      const [first] = (await store.read.interactions({ limit: 5, cursor: null, thread: 't' })).items.slice(-1);
      expect(first?.answeredAt).toBe(answered.startedAt);
    });

    it('joins an answer whose referenced letter is unknown', async () => {
      expect((await take({ ...later('2'), answers: answerTo('never seen', 'x').answers })).thread).toBe('t');
    });

    it('prefers the references of a letter', async () => {
      await take(letter('other', { subject: 'Pumps for hall 7', thread: 'u', at: writtenAt + 1000 }));
      expect((await take({ ...later('2'), answers: answerTo('1', 'x').answers })).thread).toBe('t');
      await take(letter('named', { subject: 'Something', thread: 'root' }));
      expect((await take(later('3', { thread: 'root' }))).thread).toBe('root');
    });

    it.each<[string, Partial<WrittenContact>]>([
      ['of another participant', { party: of('petr@example.com') }],
      ['that does not say it answers', { subject: 'Pumps for hall 7' }],
      ['of another subject', { subject: 'Re: Pumps for hall 8' }],
      ['after more than thirty days', { at: writtenAt + 31 * day }],
      ['from before', { at: writtenAt - 1000 }],
      ['that a machine wrote', { automatic: 'auto_reply' }],
      ['that is no letter', { channel: 'message' }],
      ['among ourselves', { direction: 'internal' }],
    ])('does not join a letter %s', async (_what, more) => {
      expect(await take(later('2', more))).toMatchObject({ thread: 'thread of 2', causedBy: null });
    });

    it('joins nothing by a common subject, and never two clients', async () => {
      for (const [i, subject] of ['Заказ', 'Счёт на оплату', 'Hello', '', 'Re:'].entries()) {
        await take(letter(`a${i}`, { subject, at: writtenAt + i }));
        const reply = await take(later(`b${i}`, { subject: `Re: ${subject}`, at: writtenAt + day + i }));
        expect(reply.thread).toBe(`thread of b${i}`);
      }
      await take(letter('p', { subject: 'Заказ 1234', party: of('petr@example.com'), thread: 'of petr' }));
      const ivans = await take(letter('i', { subject: 'Заказ 1234', thread: 'of ivan' }));
      expect(ivans.thread).toBe('of ivan');
      const reply = await take(later('r', { subject: 'Re: Заказ 1234', party: of('petr@example.com') }));
      expect(reply.thread).toBe('of petr');
    });

    it('changes nothing when the same letter is read again', async () => {
      await take(later('2', { subject: 'Re: Valves of steel' }));
      await take(letter('0', { subject: 'Valves of steel', at: writtenAt - day }));
      const [again] = await store.apply([{ op: 'contact', event: later('2', { subject: 'Re: Valves of steel' }) }]);
      expect(again).toMatchObject({ ok: true, changes: [] });
    });
  });
}
