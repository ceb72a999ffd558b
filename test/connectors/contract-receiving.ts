import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { seededRandom } from '../support/random.ts';
import { rubbish } from '../support/rubbish.ts';
import { Bench, hardTexts, type Messenger, type OpenMessenger, say } from './contract-bench.ts';

/** What every connector must do with incoming requests. */
export function describeReceiver(name: string, open: OpenMessenger): void {
  describe(`${name}: the contract of messengers`, () => {
    let bench: Bench<Messenger>;

    beforeEach(async () => {
      bench = await Bench.open(await open());
    });
    afterEach(() => bench.close());

    it('is created without side effects, and can be started and stopped repeatedly', async () => {
      const { connector, desk, messenger } = bench;
      expect(messenger.service.asked).toEqual([]);
      expect(desk.context.states).toEqual([]);
      await connector.stop();
      await connector.start();
      await connector.stop();
      await connector.stop();
    });

    it('takes each message once and in conversation order, despite repeats and reordering', async () => {
      const { desk, messenger } = bench;
      const bring = async (n: number) => (await bench.receive(messenger.brings(n, say(`text ${n}`)))).status;
      for (const n of [2, 1, 3, 1, 2, 3, 3]) expect(await bring(n)).toBe(200);
      expect(await Promise.all([5, 4, 5, 4, 6, 6].map(bring))).toEqual(Array(6).fill(200));
      expect(await bench.texts()).toEqual([1, 2, 3, 4, 5, 6].map((n) => say(`text ${n}`)));
      const all = await desk.interactions();
      expect(all.every((one) => one.revision === 1 && one.direction === 'inbound' && one.channel === 'message')).toBe(
        true,
      );
      const [first] = all;
      expect(new Set(all.map((one) => one.thread))).toEqual(new Set([first?.thread]));
      const query = { thread: first?.thread as string, limit: 50, cursor: null };
      expect((await desk.store.read.interactions(query)).items.toReversed()).toEqual(all);
    });

    it('keeps messages of the same second in the order of writing if the service reports it', async () => {
      const { messenger } = bench;
      const arrival = [2, 3, 1, 5, 4];
      for (const n of arrival) await bench.receive(messenger.brings(n, say(`text ${n}`), 1));
      const order = messenger.wholeSeconds ? arrival : [1, 2, 3, 4, 5];
      expect(await bench.texts()).toEqual(order.map((n) => say(`text ${n}`)));
    });

    it('takes a batch completely or requests it again, and each message once', async () => {
      const { desk, messenger } = bench;
      const batch = messenger.batch?.([3, 1, 2, 1].map((n) => [n, say(`text ${n}`)] as const));
      if (batch === undefined) return;
      desk.failing = 1;
      expect((await bench.receive(batch)).status).toBe(503);
      expect((await bench.receive(batch)).status).toBe(200);
      expect((await bench.receive(batch)).status).toBe(200);
      expect(await bench.texts()).toEqual([1, 2, 3].map((n) => say(`text ${n}`)));
    });

    it('rejects forged requests, stores nothing and logs it once', async () => {
      const { desk, messenger } = bench;
      const forged = messenger.forged(messenger.brings(1, say('forged')));
      expect(forged.length).toBeGreaterThan(1);
      for (const request of forged) {
        const { status } = await bench.receive(request);
        expect(status >= 400 && status < 500).toBe(true);
      }
      expect(desk.context.events).toEqual([]);
      expect(desk.context.cursors.size).toBe(0);
      expect(bench.logLines).toHaveLength(1);
    });

    it('asks the service to retry if a message could not be committed', async () => {
      const { desk, messenger } = bench;
      desk.failing = 1;
      expect((await bench.receive(messenger.brings(1, say('once')))).status).toBe(503);
      expect(await bench.texts()).toEqual([]);
      expect((await bench.receive(messenger.brings(1, say('once')))).status).toBe(200);
      expect(await bench.texts()).toEqual([say('once')]);
    });

    it('shows the text at once and stores the file once, even if it is available only later', async () => {
      const { desk, messenger } = bench;
      const request = messenger.withFile(1, say('look'), Buffer.from('%PDF'));
      messenger.service.mode = 'down';
      expect((await bench.receive(request)).status).toBe(503);
      expect(await desk.interactions()).toMatchObject([{ text: say('look'), attachments: [] }]);
      messenger.service.mode = 'up';
      for (let n = 0; n < 2; n += 1) expect((await bench.receive(request)).status).toBe(200);
      const [one, ...others] = await desk.interactions();
      expect(others).toEqual([]);
      expect(one).toMatchObject({ text: say('look'), attachments: [{ bytes: 4 }], revision: 2 });
      const kept = await desk.store.read.attachment(one?.attachments[0]?.id ?? '');
      const chunks: Buffer[] = [];
      for await (const chunk of await desk.context.blobs.open(kept?.blob as never)) chunks.push(chunk as Buffer);
      expect(String(Buffer.concat(chunks))).toBe('%PDF');
    });

    it('keeps texts unchanged except for NULs', async () => {
      const { messenger } = bench;
      for (const [i, text] of hardTexts.entries()) await bench.receive(messenger.brings(i + 1, text));
      await bench.receive(messenger.brings(hardTexts.length + 1, 'a\u0000b'));
      expect(await bench.texts()).toEqual([...hardTexts, 'ab']);
    });

    it('survives invalid content with a valid signature', async () => {
      const { messenger } = bench;
      const random = seededRandom(7);
      const genuine = messenger.brings(1, 'text').body;
      for (let n = 0; n < 200; n += 1) {
        const { status } = await bench.receive(messenger.signed(rubbish(genuine, random)));
        expect(status).toBeLessThan(500);
      }
    });

    it.each([
      ['lists', '[', ']'],
      ['objects', '{"message":', '}'],
    ])('answers 20 000 nested %s with a valid signature', async (_, open, close) => {
      const nested = Buffer.from(`${open.repeat(20_000)}1${close.repeat(20_000)}`);
      const { status } = await bench.receive(bench.messenger.signed(nested));
      expect(status).toBeLessThan(500);
    });
  });
}
