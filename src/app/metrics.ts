import { Counter, collectDefaultMetrics, Gauge, type Registry } from 'prom-client';
import type { Answering } from '../answering/answering.ts';
import type { RedisQueues } from '../delivery/redis/queues.ts';
import type { DeliveryScheduler } from '../delivery/scheduler.ts';
import type { Store } from '../domain/ports/store.ts';
import type { Intake } from '../intake/intake.ts';
import type { Quarantine } from '../intake/quarantine.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Loops } from '../runtime/loop.ts';
import type { QueueBoard } from './queue-board.ts';
import { registerPbxQueues } from './queue-metrics.ts';
import type { ReadingPools } from './threads/pools.ts';
import type { UnreadMessages } from './unread-messages.ts';

/** The parts whose metrics are registered here because the API has no access to them. */
export interface MeasuredParts {
  readonly store: Pick<Store, 'directoryAge'>;
  readonly intake: Intake;
  readonly delivery: DeliveryScheduler;
  /** Null without Redis. */
  readonly queues: RedisQueues | null;
  readonly answering: Answering;
  readonly reading: ReadingPools;
  readonly quarantine: Pick<Quarantine, 'counts'>;
  readonly loops: Pick<Loops, 'health'>;
  readonly pbxQueues: Pick<QueueBoard, 'states' | 'counts'>;
  readonly unread: Pick<UnreadMessages, 'register'>;
  readonly clock: Clock;
}

/** Registers the metrics of the process and of the given parts. */
export function registerMetrics(
  metrics: Registry,
  { store, intake, delivery, queues, answering, reading, quarantine, loops, pbxQueues, unread, clock }: MeasuredParts,
): void {
  const registers = [metrics];
  collectDefaultMetrics({ register: metrics });
  new Counter({
    name: 'patchbay_intake_writes_total',
    help: 'Writes that went through the intake, by outcome.',
    labelNames: ['outcome'],
    registers,
    collect() {
      this.reset();
      for (const [outcome, count] of Object.entries(intake.counts)) this.inc({ outcome }, count);
    },
  });
  new Counter({
    name: 'patchbay_reading_jobs_total',
    help: 'Texts and letters from outside parsed in worker threads, by outcome. Jobs that exceed their time or memory limit are aborted.',
    labelNames: ['job', 'outcome'],
    registers,
    collect() {
      this.reset();
      for (const [job, outcomes] of Object.entries(reading.counts))
        for (const [outcome, count] of Object.entries(outcomes)) this.inc({ job, outcome }, count);
    },
  });
  new Counter({
    name: 'patchbay_quarantined_total',
    help: 'Incoming items put into quarantine because of an error in Patchbay, by connection.',
    labelNames: ['connection'],
    registers,
    collect() {
      this.reset();
      for (const [connection, count] of quarantine.counts) this.inc({ connection }, count);
    },
  });
  new Counter({
    name: 'patchbay_delivery_attempts_total',
    help: 'Delivery attempts, by outcome.',
    labelNames: ['destination', 'outcome'],
    registers,
    collect() {
      this.reset();
      for (const { destination, counts } of delivery.counts()) {
        for (const [outcome, count] of Object.entries(counts)) this.inc({ destination, outcome }, count);
      }
    },
  });
  new Gauge({
    name: 'patchbay_deliveries_in_flight',
    help: 'Deliveries in progress.',
    labelNames: ['destination'],
    registers,
    collect() {
      for (const { destination, inFlight } of delivery.counts()) this.set({ destination }, inFlight);
    },
  });
  if (queues !== null) registerQueues(metrics, queues);
  registerLoops(metrics, loops);
  registerPbxQueues(metrics, pbxQueues, clock);
  unread.register(metrics);
  new Counter({
    name: 'patchbay_route_answers_total',
    help: 'FastAGI questions answered, by decision. Questions that failed or missed the deadline got the default.',
    labelNames: ['decision'],
    registers,
    collect() {
      this.reset();
      const { thread } = answering.metrics;
      for (const [decision, count] of Object.entries(thread?.decisions ?? {})) this.inc({ decision }, count);
      this.inc({ decision: 'failed' }, thread?.failed ?? 0);
      this.inc({ decision: 'late' }, thread?.late ?? 0);
    },
  });
  new Counter({
    name: 'patchbay_agi_connections_ended_total',
    help: 'FastAGI connections closed by Patchbay: denied by agi.allow, refused for invalid input or a timeout, or evicted to admit new ones.',
    labelNames: ['reason'],
    registers,
    collect() {
      this.reset();
      const { denied = 0, refused = 0, evicted = 0 } = answering.metrics.thread?.agi ?? {};
      for (const [reason, count] of Object.entries({ denied, refused, evicted })) this.inc({ reason }, count);
    },
  });
  new Gauge({
    name: 'patchbay_directory_age_seconds',
    help: 'Time since the client directory used for routing was last up to date; 0 if routing reads the store itself.',
    registers,
    collect() {
      this.set(store.directoryAge() / 1000);
    },
  });
  new Gauge({
    name: 'patchbay_route_snapshot_age_seconds',
    help: 'Time since the answering thread last received routing plan and device states.',
    registers,
    collect() {
      const heardAt = answering.metrics.thread?.heardAt;
      if (heardAt !== undefined) this.set((Date.now() - heardAt) / 1000);
    },
  });
}

function registerLoops(metrics: Registry, loops: Pick<Loops, 'health'>): void {
  const registers = [metrics];
  new Gauge({
    name: 'patchbay_loop_failures',
    help: 'Consecutive failed rounds of a background loop; 0 while it works.',
    labelNames: ['loop'],
    registers,
    collect() {
      this.reset();
      for (const { name, failures } of loops.health) this.set({ loop: name }, failures);
    },
  });
  new Counter({
    name: 'patchbay_loop_rounds_total',
    help: 'Rounds of background loops, by outcome.',
    labelNames: ['loop', 'outcome'],
    registers,
    collect() {
      this.reset();
      for (const { name, rounds } of loops.health)
        for (const [outcome, count] of Object.entries(rounds)) this.inc({ loop: name, outcome }, count);
    },
  });
}

function registerQueues(metrics: Registry, queues: RedisQueues): void {
  const registers = [metrics];
  new Gauge({
    name: 'patchbay_queue_up',
    help: '1 while the Redis queue is usable; at 0 each instance takes due deliveries directly from the store.',
    registers,
    collect() {
      this.set(queues.up ? 1 : 0);
    },
  });
  new Gauge({
    name: 'patchbay_queue_jobs',
    help: 'Deliveries in the Redis queue across all instances; further ones wait in the store.',
    labelNames: ['destination', 'state'],
    registers,
    async collect() {
      this.reset();
      for (const { destination, state, count } of await queues.depths()) this.set({ destination, state }, count);
    },
  });
}
