import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { seededRandom } from '../support/random.ts';
import { rubbish } from '../support/rubbish.ts';
import type { ScriptedService } from '../support/scripted-service.ts';
import { Bench, hardTexts, type Messenger, say, untilTrue } from './contract-bench.ts';

/** A service that the connector polls. */
export interface PolledMessenger extends Pick<Messenger, 'create' | 'close'> {
  /** The cursor after the last update equals their number. */
  readonly service: ScriptedService & { readonly updates: unknown[] };
  /** The update at a position, with message number `n`, written in second `n` by default. */
  update(place: number, n: number, text: string, second?: number): unknown;
}

/** What every polling connector must do. */
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
    /** Waits until every update of the service has been committed. */
    const caughtUp = () =>
      untilTrue(() => bench.desk.context.cursors.get('updates') === String(bench.messenger.service.updates.length));

    it('takes each message once and in conversation order, despite repeats and reordering', async () => {
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

    it('polls the same updates again until all of them are committed', async () => {
      const { desk, connector } = bench;
      for (const n of [1, 2, 3]) add(n, say(`text ${n}`));
      desk.failing = 2;
      await connector.start();
      await caughtUp();
      expect(desk.failing).toBe(0);
      expect(await bench.texts()).toEqual([1, 2, 3].map((n) => say(`text ${n}`)));
    });

    it('keeps texts unchanged except for NULs', async () => {
      for (const [i, text] of hardTexts.entries()) add(i + 1, text);
      add(hardTexts.length + 1, 'a\u0000b');
      await bench.connector.start();
      await caughtUp();
      expect(await bench.texts()).toEqual([...hardTexts, 'ab']);
    });

    it.each(['down', 'cut', 'broken'] as const)('reports that the service is %s, and loses nothing', async (mode) => {
      const { desk, connector, messenger } = bench;
      add(1, say('text'));
      messenger.service.mode = mode;
      await connector.start();
      await untilTrue(() => desk.context.states.some((state) => /^(degraded|failed): ./.test(state)));
      messenger.service.mode = 'up';
      await caughtUp();
      expect(desk.context.states.at(-1)).toBe('ready');
      expect(await bench.texts()).toEqual([say('text')]);
    });

    it('skips invalid updates and takes those after them', async () => {
      const { service, update } = bench.messenger;
      const random = seededRandom(7);
      for (let n = 0; n < 100; n += 1) {
        const corrupted = rubbish(Buffer.from(JSON.stringify(update(0, 1, 'text'))), random);
        try {
          const given: unknown = JSON.parse(String(corrupted));
          const place = { update_id: service.updates.length };
          service.updates.push(typeof given === 'object' && !Array.isArray(given) ? { ...given, ...place } : given);
        } catch {
          // Invalid JSON is not an update.
        }
      }
      add(1000, say('text'));
      await bench.connector.start();
      await caughtUp();
      expect(await bench.texts()).toContain(say('text'));
    });
  });
}
