import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { seededRandom } from '../support/random.ts';
import { rubbish } from '../support/rubbish.ts';
import type { ScriptedService } from '../support/scripted-service.ts';
import { Bench, hard, type Messenger, say, untilTrue } from './contract-bench.ts';

/** A service that is asked for what is new. */
export interface PolledMessenger extends Pick<Messenger, 'create' | 'close'> {
  /** Its place after the last update is their number. */
  readonly service: ScriptedService & { readonly updates: unknown[] };
  /** The update at a place that brings message number `n`, written in second `n` by default. */
  update(place: number, n: number, text: string, second?: number): unknown;
}

/** What every connector does that asks its service for what is new. */
export function describePolled(name: string, open: () => Promise<PolledMessenger>): void {
  describe(`${name}: the contract of long polling`, () => {
    let bench: Bench<PolledMessenger>;

    beforeEach(async () => {
      bench = await Bench.open(await open());
    });
    afterEach(() => bench.close());

    const add = (n: number, text: string, second?: number) => {
      const { service, update } = bench.messenger;
      service.updates.push(update(service.updates.length, n, text, second));
    };
    /** Until all that lies with the service is safe here. */
    const caughtUp = () =>
      untilTrue(() => bench.desk.context.cursors.get('updates') === String(bench.messenger.service.updates.length));

    it('takes each message once and in the order of the conversation, in whatever order and how often it is told', async () => {
      for (const n of [2, 1, 3, 1, 3]) add(n, say(`text ${n}`));
      for (const n of [5, 4, 6]) add(n, say(`text ${n}`), 4);
      await bench.connector.start();
      await caughtUp();
      add(7, say('text 7'));
      add(2, say('text 2'));
      await caughtUp();
      expect(await bench.texts()).toEqual([1, 2, 3, 4, 5, 6, 7].map((n) => say(`text ${n}`)));
      expect((await bench.desk.interactions()).every(({ revision }) => revision === 1)).toBe(true);
    });

    it('asks for the same again until all of it is safe', async () => {
      const { desk, connector } = bench;
      for (const n of [1, 2, 3]) add(n, say(`text ${n}`));
      desk.failing = 2;
      await connector.start();
      await caughtUp();
      expect(desk.failing).toBe(0);
      expect(await bench.texts()).toEqual([1, 2, 3].map((n) => say(`text ${n}`)));
    });

    it('keeps texts as they were written, but for NULs', async () => {
      for (const [i, text] of hard.entries()) add(i + 1, text);
      add(hard.length + 1, 'a\u0000b');
      await bench.connector.start();
      await caughtUp();
      expect(await bench.texts()).toEqual([...hard, 'ab']);
    });

    it.each(['down', 'cut', 'broken'] as const)(
      'tells that the service is %s, and loses nothing by it',
      async (mode) => {
        const { desk, connector, messenger } = bench;
        add(1, say('text'));
        messenger.service.mode = mode;
        await connector.start();
        await untilTrue(() => desk.context.states.some((state) => /^(degraded|failed): ./.test(state)));
        messenger.service.mode = 'up';
        await caughtUp();
        expect(desk.context.states.at(-1)).toBe('ready');
        expect(await bench.texts()).toEqual([say('text')]);
      },
    );

    it('lets rubbish pass and takes what comes after it', async () => {
      const { service, update } = bench.messenger;
      const random = seededRandom(7);
      for (let n = 0; n < 100; n += 1) {
        const twisted = rubbish(Buffer.from(JSON.stringify(update(0, 1, 'text'))), random);
        try {
          const given: unknown = JSON.parse(String(twisted));
          const place = { update_id: service.updates.length };
          service.updates.push(typeof given === 'object' && !Array.isArray(given) ? { ...given, ...place } : given);
        } catch {
          // What is no JSON is no update.
        }
      }
      add(1000, say('text'));
      await bench.connector.start();
      await caughtUp();
      expect(await bench.texts()).toContain(say('text'));
    });
  });
}
