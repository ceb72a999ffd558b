import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventKey } from '../../src/domain/base/ids.ts';
import type { Interaction } from '../../src/domain/interaction/interaction.ts';
import type { Store } from '../../src/domain/ports/store.ts';
import type { Write } from '../../src/domain/ports/writes.ts';
import { applied } from '../support/applied.ts';
import { manager } from '../support/calls.ts';
import { answerTo, letter } from '../support/written.ts';

/** Senders report whole seconds, we record fractions. The times are of today because old contacts create no tasks. */
const wholeSecond = Math.floor(Date.now() / 1000) * 1000 - 3_600_000;
const at = wholeSecond + 700;
const minute = 60_000;

/** How every store must order letters and answers despite inaccurate clocks; run for each implementation. */
export function describeAnswerTimes(name: string, open: () => Promise<Store>): void {
  describe(`${name}: answer times`, () => {
    let store: Store;

    beforeEach(async () => {
      store = await open();
      const managers = [manager('a', '101', { email: 'anna@our.example' })];
      await store.apply([{ op: 'staff', staff: { managers, lines: [] }, at }]);
    });

    afterEach(() => store.close());

    const apply = (...writes: Write[]) => applied(store, writes);

    const takeIn = (event: Extract<Write, { op: 'contact' }>['event']) => apply({ op: 'contact', event });

    async function send(answers: Interaction['id'] | null, written = at): Promise<Interaction> {
      const to = { email: 'ivan@example.com', phone: null, account: null, name: null };
      const content = { manager: 'a', to, subject: 'Pumps', text: 'Ten', attachments: [], line: null };
      const by = { id: 'a', name: 'Manager a' };
      const [queued] = await apply({
        op: 'send',
        key: eventKey('api', `${written}`),
        channel: 'email',
        answers,
        connection: 'mail',
        content,
        by,
        expiresAt: written + 1000 * minute,
        at: written,
      });
      return queued as Interaction;
    }

    async function sendOut(id: Interaction['id'], when: number): Promise<readonly Interaction[]> {
      await apply({ op: 'begin-sending', id, at: when });
      const keys = [eventKey('mail', 'ours')];
      return apply({ op: 'end-sending', id, outcome: { kind: 'sent', keys, handle: null, state: 'sent' }, at: when });
    }

    /** The client's answer to our letter. */
    const reply = (more: Parameters<typeof letter>[1]) =>
      letter('theirs', { answers: [eventKey('mail', 'ours')], ...more });

    const time = (moment: number) => new Date(moment).toISOString();
    const openTasks = async () => (await store.read.tasks({ state: 'open', limit: 10, cursor: null })).items;

    it('puts an answer written in the same second after our letter, and waits for a reply to it', async () => {
      const ours = await send(null);
      await sendOut(ours.id, at);
      const [theirs] = await takeIn(reply({ at: wholeSecond, arrivedAt: wholeSecond }));
      expect(theirs).toMatchObject({ startedAt: time(at + 1), answeredAt: null, causedBy: ours.id });
      const { items } = await store.read.interactions({ limit: 10, cursor: null });
      expect(items.map(({ id }) => id)).toEqual([theirs?.id, ours.id]);
      expect(await openTasks()).toMatchObject([{ interaction: theirs?.id, kind: 'answer' }]);
    });

    it("uses the time of arrival if the sender's clock is minutes behind", async () => {
      const ours = await send(null);
      await sendOut(ours.id, at);
      const [theirs] = await takeIn(reply({ at: at - 9 * minute, arrivedAt: at + minute }));
      expect(theirs).toMatchObject({ startedAt: time(at + minute), answeredAt: null });
      const answer = await send(theirs?.id ?? null, at + 3 * minute);
      const changes = await sendOut(answer.id, at + 3 * minute);
      expect(changes[1]).toMatchObject({ id: theirs?.id, waitSeconds: 120 });
    });

    it.each([
      ['in the second of', { at: wholeSecond }],
      ['with a clock that is behind', { at: at - 9 * minute, arrivedAt: at + minute }],
    ])('finds the answered letter by its subject if the answer was written %s our letter', async (_, times) => {
      const ours = await send(null);
      await sendOut(ours.id, at);
      const [theirs] = await takeIn(letter('theirs', { subject: 'Re: Pumps', answers: [], ...times }));
      expect(theirs).toMatchObject({ thread: ours.thread, causedBy: ours.id, answeredAt: null });
    });

    it('ends the waiting by an answer whose clock is behind', async () => {
      const [asked] = await takeIn(letter('1', { at, arrivedAt: at }));
      const changes = await takeIn(answerTo('1', '2', { at: at - minute, arrivedAt: at + 2 * minute }));
      expect(changes[1]).toMatchObject({ id: asked?.id, waitSeconds: 120 });
    });

    it('answers a letter whose clock is ahead of ours', async () => {
      const [asked] = await takeIn(letter('1', { at: at + minute }));
      const answer = await send(asked?.id ?? null);
      expect(answer.startedAt).toBe(time(at + minute + 1));
      const changes = await sendOut(answer.id, at + 2 * minute);
      expect(changes[1]).toMatchObject({ id: asked?.id, waitSeconds: 60 });
    });

    it.each([
      ['was written in the second of our letter', { at: wholeSecond }],
      ['came while our letter was on its way', { at: at - minute, arrivedAt: at + minute }],
    ])('keeps waiting for a reply to a letter that crossed ours: it %s', async (_, times) => {
      const ours = await send(null);
      await sendOut(ours.id, at);
      const [theirs] = await takeIn(letter('2', { thread: ours.thread, ...times }));
      expect(theirs).toMatchObject({ answeredAt: null });
      expect(await openTasks()).toMatchObject([{ interaction: theirs?.id }]);
    });

    it('keeps waiting for a reply to a letter written after our delayed answer', async () => {
      const [first] = await takeIn(letter('1', { at: at - minute }));
      const ours = await send(first?.id ?? null);
      const [second] = await takeIn(letter('2', { at: at + minute, answers: [eventKey('mail', '1')] }));
      const changes = await sendOut(ours.id, at + 2 * minute);
      expect(changes.map(({ id }) => id)).toEqual([ours.id, first?.id]);
      expect(await openTasks()).toMatchObject([{ interaction: second?.id }]);
    });
  });
}
