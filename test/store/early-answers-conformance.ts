import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EventKey, eventKey } from '../../src/domain/base/ids.ts';
import type { Interaction } from '../../src/domain/interaction/interaction.ts';
import type { Store } from '../../src/domain/ports/store.ts';
import type { WrittenContact } from '../../src/domain/written/written-contact.ts';
import { applied } from '../support/applied.ts';
import { answerTo, letter } from '../support/written.ts';

/** Of today, because old contacts create no tasks. */
const at = Math.floor(Date.now() / 1000) * 1000 - 3_600_000;
const minute = 60_000;

/** How every store must link answers to a letter that is read after them; run for each implementation. */
export function describeEarlyAnswers(name: string, open: () => Promise<Store>): void {
  describe(`${name}: answers read before the letter that they answer`, () => {
    let store: Store;

    beforeEach(async () => {
      store = await open();
      await store.apply([{ op: 'destinations', names: ['crm'], at }]);
    });

    afterEach(() => store.close());

    const take = (contact: WrittenContact) => applied(store, [{ op: 'contact', event: contact }]);
    const read = (id: Interaction['id'] | undefined) => store.read.interaction(id as Interaction['id']);
    const names = (...ids: string[]): readonly EventKey[] => ids.map((id) => eventKey('mail', id));
    /** A client's letter that references others as answered, nearest first. Mail programs derive its thread from these headers. */
    const reply = (id: string, thread: string, answers: readonly string[], more: Partial<WrittenContact> = {}) =>
      letter(id, { at: at + minute, thread: `thread of ${thread}`, answers: names(...answers), ...more });

    it('links an answer to its cause when that arrives, and owes it to the CRM again', async () => {
      const [early] = await take(answerTo('1', '2', { at: at + minute, thread: 'thread of 1' }));
      expect(early).toMatchObject({ causedBy: null, revision: 1 });
      const changes = await take(letter('1', { at }));
      expect(changes).toMatchObject([
        { revision: 1, waitSeconds: 60 },
        { id: early?.id, revision: 2, causedBy: changes[0]?.id, thread: 'thread of 1' },
      ]);
      const owed = await store.read.owedDue('crm', Date.parse('2999-01-01T00:00:00Z'), 10);
      expect(owed.find(({ subject }) => subject === early?.id)?.revision).toBe(2);
      expect((await store.read.tasks({ state: 'open', limit: 10, cursor: null })).items).toEqual([]);
    });

    it('does so once, even if letters are read again', async () => {
      const early = answerTo('1', '2', { at: at + minute, thread: 'thread of 1' });
      await take(early);
      await take(early);
      await take(letter('1', { at }));
      expect(await take(letter('1', { at }))).toEqual([]);
      expect(await take(early)).toEqual([]);
    });

    it('recognises the answered letter by its shared name too', async () => {
      const [early] = await take(answerTo('id', '2', { at: at + minute }));
      const [first] = await take(letter('1', { at, sharedNames: names('id') }));
      expect((await read(early?.id))?.causedBy).toBe(first?.id);
      await take(letter('another', { at, sharedNames: names('id') }));
      expect((await read(early?.id))?.causedBy).toBe(first?.id);
    });

    it('joins a conversation whose first letters are read last', async () => {
      const [third] = await take(reply('3', '2', ['2'], { at: at + 2 * minute }));
      const [fourth] = await take(answerTo('3', '4', { at: at + 3 * minute, thread: 'thread of 2' }));
      const [second] = await take(answerTo('1', '2', { at: at + minute, thread: 'thread of 1' }));
      expect(await read(third?.id)).toMatchObject({ causedBy: second?.id, thread: second?.thread });
      const [first] = await take(letter('1', { at }));
      const { items } = await store.read.interactions({ limit: 10, cursor: null, thread: first?.thread ?? '' });
      expect(items.map(({ id, causedBy }) => [id, causedBy])).toEqual([
        [fourth?.id, third?.id],
        [third?.id, second?.id],
        [second?.id, first?.id],
        [first?.id, null],
      ]);
    });

    it('moves the replies to an early answer into its conversation too', async () => {
      const [first] = await take(letter('1', { at }));
      const [third] = await take(reply('3', '2', ['2'], { at: at + 2 * minute }));
      const [fourth] = await take(answerTo('3', '4', { at: at + 3 * minute, thread: 'thread of 2' }));
      const [stranger] = await take(letter('5', { at, thread: 'thread of 2' }));
      await take(answerTo('1', '2', { at: at + minute, thread: 'thread of 1' }));
      expect(await read(third?.id)).toMatchObject({ thread: first?.thread, revision: 3 });
      expect(await read(fourth?.id)).toMatchObject({ thread: first?.thread, causedBy: third?.id });
      expect(await read(stranger?.id)).toMatchObject({ thread: 'thread of 2', revision: 1 });
    });

    it('moves early answers that reference each other', async () => {
      await take(letter('1', { at }));
      const [third] = await take(reply('3', '2', ['2'], { at: at + 2 * minute }));
      const [fourth] = await take(reply('4', '2', ['2', '3'], { at: at + 3 * minute }));
      const [fifth] = await take(reply('5', '2', ['4'], { at: at + 4 * minute }));
      expect(fourth?.causedBy).toBe(third?.id);
      const [second] = await take(answerTo('1', '2', { at: at + minute, thread: 'thread of 1' }));
      const causes = await Promise.all([third, fourth, fifth].map(async (one) => read(one?.id)));
      expect(causes.map((one) => one?.causedBy)).toEqual([second?.id, second?.id, fourth?.id]);
      expect(causes.map((one) => [one?.thread, one?.revision])).toEqual(causes.map(() => ['thread of 1', 2]));
    });

    it('links to the nearest referenced letter, in any order of arrival', async () => {
      const [early] = await take(reply('4', '1', ['3', '2', '1']));
      const causes = [];
      for (const id of ['2', '1', '3']) {
        const [came] = await take(letter(id, { at, thread: 'thread of 1' }));
        causes.push([came?.id, (await read(early?.id))?.causedBy]);
      }
      const [two, , three] = causes;
      expect(causes.map(([, cause]) => cause)).toEqual([two?.[0], two?.[0], three?.[0]]);
    });

    it('waits for the nearest letter even if a farther one is known, and not for farther ones', async () => {
      const [first] = await take(letter('1', { at, thread: 'thread of 1' }));
      const [early] = await take(reply('3', '1', ['2', '1', '0']));
      expect(early?.causedBy).toBe(first?.id);
      await take(letter('0', { at: at - minute, thread: 'thread of 1' }));
      expect((await read(early?.id))?.causedBy).toBe(first?.id);
      const [second] = await take(answerTo('1', '2', { at: at + 1000, thread: 'thread of 1' }));
      expect((await read(early?.id))?.causedBy).toBe(second?.id);
    });

    it('is ordered after the letter that it answers, despite its clock, and ends the waiting', async () => {
      const early = { at: at - 9 * minute, arrivedAt: at + 2 * minute, thread: 'thread of 1' };
      const [answer] = await take(answerTo('1', '2', early));
      const changes = await take(letter('1', { at, arrivedAt: at + 3 * minute }));
      const startedAt = new Date(at + 2 * minute).toISOString();
      expect(changes).toMatchObject([{ waitSeconds: 120 }, { id: answer?.id, startedAt, endedAt: startedAt }]);
    });

    it('counts a letter as answered if the answer references it, even if it arrived later', async () => {
      await take(answerTo('1', '2', { at: at + minute, thread: 'thread of 1' }));
      const [first] = await take(letter('1', { at, arrivedAt: at + 5 * minute }));
      expect(first?.waitSeconds).toBe(60);
    });

    it('creates no cycle between letters that reference each other', async () => {
      const [one] = await take(reply('1', '1', ['2']));
      const [two] = await take(reply('2', '1', ['1']));
      expect(two?.causedBy).toBe(one?.id);
      expect((await read(one?.id))?.causedBy).toBeNull();
    });

    it('keeps the cause that a human set by answering', async () => {
      const [asked] = await take(letter('0', { at }));
      const content = {
        manager: 'a',
        to: { email: 'ivan@example.com', phone: null, account: null, name: null },
        ...{ subject: 'Re: Pumps', text: 'Ten', attachments: [], line: null },
      };
      const [ours] = await applied(store, [
        {
          ...{
            op: 'send',
            key: eventKey('api', 'k'),
            channel: 'email',
            answers: asked?.id ?? null,
            connection: 'mail',
          },
          ...{ content, by: { id: 'a', name: 'A' }, expiresAt: at + 9 * minute, at: at + minute },
        },
      ]);
      const copy = { at: at + minute, aliases: [eventKey('api', 'k')] };
      await take(answerTo('never seen', 'copy', copy));
      await take(letter('never seen', { at }));
      expect(await read(ours?.id)).toMatchObject({ causedBy: asked?.id, thread: asked?.thread, state: 'sent' });
    });
  });
}
