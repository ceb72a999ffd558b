import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { configuredDestinations } from '../../src/delivery/configured.ts';
import type { RedisQueues } from '../../src/delivery/redis/queues.ts';
import { DeliveryScheduler } from '../../src/delivery/scheduler.ts';
import type { Owed } from '../../src/domain/delivery/delivery.ts';
import type { Logger } from '../../src/runtime/log.ts';
import { coresOf } from '../support/cores.ts';
import { missedCall, type Office, openOffice, ringingCall } from '../support/office.ts';
import { Receiver } from '../support/receiver.ts';

const secret = `whsec_${Buffer.from('a secret that only two know of!!').toString('base64')}`;

/** The queues used by one scheduler. */
type Queues = Pick<RedisQueues, 'open' | 'start' | 'stop'>;

/** What the scheduler must do with any queue; run for each of them. */
export function deliveryConformance(name: string, makeQueues: (log: Logger) => Queues | null): void {
  describe(`delivery to a webhook, ${name}`, () => {
    let office: Office;
    let receiver: Receiver;
    let url: string;
    let scheduler: DeliveryScheduler;
    let queues: Queues | null;
    let settled: () => Promise<void>;
    let outcomes: string[];

    beforeEach(async () => {
      office = await openOffice();
      receiver = new Receiver();
      url = await receiver.listen();
      await office.intake.apply([{ op: 'destinations', names: ['crm'], at: office.clock.now() }]);
      await build();
    });
    afterEach(async () => {
      await scheduler.stop(100);
      await queues?.stop();
      await receiver.close();
      await office.close();
    });

    async function build(change: object = {}): Promise<void> {
      outcomes = [];
      let waiting: (() => void)[] = [];
      settled = () => new Promise((resolve) => waiting.push(resolve));
      const settings = { kind: 'webhook', url, secret, timeout: 1, retry: { first: 0.05, longest: 0.1 }, ...change };
      const own = makeQueues(office.log);
      queues = own;
      const made = new DeliveryScheduler({
        read: office.store.read,
        claim: (claim) => office.store.claimOwed(claim),
        release: (ids) => office.store.releaseOwed(ids),
        apply: async (writes) => {
          const results = await office.intake.apply(writes);
          for (const write of writes) if (write.op === 'delivered') outcomes.push(write.outcome.kind);
          for (const wake of waiting.splice(0)) wake();
          waiting = [];
          return results;
        },
        clock: office.clock,
        log: office.log,
        destinations: configuredDestinations({ crm: settings }, coresOf(office, { crm: settings }).destinations),
        poll: 100,
        ...(own !== null && { openQueue: (destination, listener) => own.open(destination, listener) }),
      });
      await own?.start();
      office.intake.changes.on('change', () => made.nudge());
      scheduler = made;
    }

    const owed = async (): Promise<readonly Owed[]> =>
      (await office.store.read.owed({ limit: 50, cursor: null })).items;
    const body = (i: number) =>
      JSON.parse(receiver.received[i]?.body ?? '{}') as { type: string; data: { id: string; revision: number } };

    it('sends a signed interaction and stores the links of the answer', async () => {
      receiver.answer = (response) =>
        response.end(JSON.stringify({ id: 17, url: 'https://crm.example/17', deal: 'd' }));
      await office.intake.emit(ringingCall('w-1'));
      const done = settled();
      scheduler.start();
      await done;

      const [got] = receiver.received;
      const verified = new Webhook(secret).verify(got?.body ?? '', got?.headers as Record<string, string>);
      expect(verified).toMatchObject({ type: 'interaction.updated', data: { revision: 1, state: 'ringing' } });
      expect(await owed()).toMatchObject([{ state: 'done', deliveredRevision: 1, lastError: null }]);
      const [interaction] = (await office.store.read.interactions({ limit: 1, cursor: null })).items;
      expect(interaction).toMatchObject({
        revision: 1,
        links: { crm: { id: '17', url: 'https://crm.example/17', client: null, deal: 'd' } },
      });
    });

    it('retries with the same id until it succeeds, then sends only the latest revision', async () => {
      receiver.answer = (response, count) => void response.writeHead(count < 3 ? 503 : 200).end();
      await office.intake.emit(ringingCall('w-2'));
      scheduler.start();
      await receiver.until(3);
      await office.intake.emit(missedCall('w-2'));
      await receiver.until(4);

      const ids = receiver.received.map((one) => one.headers['webhook-id']);
      expect(new Set(ids.slice(0, 3)).size).toBe(1);
      expect(ids[3]).not.toBe(ids[0]);
      expect([0, 1, 2, 3].map((i) => body(i).data.revision)).toEqual([1, 1, 1, 2]);
    });

    it('parks permanent failures, keeps the answer out of the log, and retries on request', async () => {
      receiver.answer = (response) => void response.writeHead(422).end('no client Zaytsev\r\n+79161234567');
      await office.intake.emit(ringingCall('w-3'));
      const done = settled();
      scheduler.start();
      await done;
      const [parked] = await owed();
      expect(parked).toMatchObject({
        state: 'parked',
        lastError: expect.stringMatching(/HTTP 422.*: no client Zaytsev \+79161234567$/),
        lastReason: { code: 'serviceRefused', values: { status: 422, said: 'no client Zaytsev +79161234567' } },
      });
      expect(office.logged()).not.toMatch(/Zaytsev|9161234567/);

      receiver.answer = (response) => response.end('thanks');
      const retried = settled();
      const response = await office.call('POST', `/api/v1/deliveries/${parked?.id}/retry`);
      await retried;
      expect(response.status).toBe(202);
      expect(await owed()).toMatchObject([{ state: 'done' }]);
    });

    it('respects Retry-After', async () => {
      receiver.answer = (response) => void response.writeHead(429, { 'retry-after': '120' }).end();
      await office.intake.emit(ringingCall('w-4'));
      const done = settled();
      scheduler.start();
      await done;
      const [row] = await owed();
      expect(row?.state).toBe('due');
      expect((row?.nextAt ?? 0) - office.clock.now()).toBeGreaterThan(110_000);
    });

    it.each([
      ['hangs', () => undefined],
      ['cuts the line', (response: import('node:http').ServerResponse) => void response.destroy()],
      [
        'redirects',
        (response: import('node:http').ServerResponse) =>
          void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
      ],
    ])('retries when the receiver %s', async (_how, answer) => {
      receiver.answer = answer;
      await office.intake.emit(ringingCall('w-5'));
      const done = settled();
      scheduler.start();
      await done;
      expect(outcomes[0]).toBe('retry');
      expect((await owed())[0]?.state).toBe('due');
    });

    it('survives an endless answer', async () => {
      receiver.answer = (response) => {
        const more = () => {
          while (!response.destroyed && response.write('x'.repeat(65_536)));
          if (!response.destroyed) response.once('drain', more);
        };
        more();
      };
      await office.intake.emit(ringingCall('w-6'));
      const done = settled();
      scheduler.start();
      await done;
      expect(outcomes).toEqual(['done']);
    });

    it('never delivers a subject twice at a time, and never exceeds its concurrency', async () => {
      let open = 0;
      let most = 0;
      const subjects = new Map<string, number>();
      receiver.answer = (response, count) => {
        const { id } = body(count - 1).data;
        open += 1;
        most = Math.max(most, open);
        subjects.set(id, (subjects.get(id) ?? 0) + 1);
        expect(subjects.get(id)).toBe(1);
        setImmediate(() => {
          open -= 1;
          subjects.set(id, 0);
          response.end();
        });
      };
      scheduler.start();
      const ids = Array.from({ length: 30 }, (_, i) => `many-${i}`);
      await Promise.all(ids.map((id) => office.intake.emit(ringingCall(id))));
      await Promise.all(ids.map((id) => office.intake.emit(missedCall(id))));
      while ((await owed()).some((row) => row.state !== 'done')) await settled();

      expect(most).toBeLessThanOrEqual(4);
      expect((await owed()).map((row) => row.deliveredRevision)).toEqual(ids.map(() => 2));
    });

    it('delivers a call that rings while a backlog takes all slots of a slow receiver', async () => {
      await queues?.stop();
      await build({ timeout: 60 });
      const told = (id: string) => ({ ...missedCall(id), basis: 'record' as const });
      await Promise.all(Array.from({ length: 40 }, (_, i) => office.intake.emit(told(`old-${i}`))));
      receiver.answer = () => undefined;
      scheduler.start();
      await receiver.until(4);
      await office.intake.emit(ringingCall('now'));
      await receiver.until(5);
      await office.intake.emit(ringingCall('then'));
      await receiver.until(6);
      const states = receiver.received.map((_, i) => (body(i).data as { state?: string }).state);
      expect(states).toEqual(['missed', 'missed', 'missed', 'missed', 'ringing', 'ringing']);
    });

    it('sends changes made during a delivery once that delivery is done', async () => {
      let finish = () => {};
      receiver.answer = (response) => {
        finish = () => response.end();
      };
      await office.intake.emit(ringingCall('w-8'));
      scheduler.start();
      await receiver.until(1);
      await office.intake.emit(missedCall('w-8'));
      receiver.answer = (response) => response.end();
      finish();
      await receiver.until(2);
      expect([0, 1].map((i) => body(i).data.revision)).toEqual([1, 2]);
    });

    it('starts no more deliveries than the rate allows', async () => {
      await queues?.stop();
      await build({ rate: 20 });
      const ids = Array.from({ length: 8 }, (_, i) => `paced-${i}`);
      await Promise.all(ids.map((id) => office.intake.emit(ringingCall(id))));
      const arrivals: number[] = [];
      receiver.answer = (response) => {
        arrivals.push(performance.now());
        response.end();
      };
      const began = performance.now();
      scheduler.start();
      await receiver.until(8);
      // Two start within each 100 ms, so that the last starts in the fourth interval, however slow the machine.
      expect((arrivals[7] ?? 0) - began).toBeGreaterThan(290);
    });

    it('abandons a hanging delivery on stop, and keeps it due under the same id', async () => {
      receiver.answer = () => undefined;
      await office.intake.emit(ringingCall('w-7'));
      scheduler.start();
      await receiver.until(1);
      await scheduler.stop(20);
      expect((await owed())[0]?.state).toBe('due');

      receiver.answer = (response) => response.end();
      await queues?.stop();
      await build();
      const done = settled();
      scheduler.start();
      await done;
      expect(receiver.received[1]?.headers['webhook-id']).toBe(receiver.received[0]?.headers['webhook-id']);
    });
  });
}
