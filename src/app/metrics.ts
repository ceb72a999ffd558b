import { Counter, collectDefaultMetrics, Gauge, type Registry } from 'prom-client';
import type { Answering } from '../answering/answering.ts';
import type { RedisQueues } from '../delivery/redis/queues.ts';
import type { DeliveryScheduler } from '../delivery/scheduler.ts';
import type { Store } from '../domain/ports/store.ts';
import type { Intake } from '../intake/intake.ts';
import type { Quarantine } from '../intake/quarantine.ts';
import type { Loops } from '../runtime/loop.ts';
import type { ReadingPools } from './threads/pools.ts';

/** The parts whose numbers the API can't see for itself. */
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
}

/** Registers the process's own numbers and those of the given parts. */
export function registerMetrics(
  metrics: Registry,
  { store, intake, delivery, queues, answering, reading, quarantine, loops }: MeasuredParts,
): void {
  const registers = [metrics];
  collectDefaultMetrics({ register: metrics });
  new Counter({
    name: 'patchbay_intake_writes_total',
    help: 'Writes that went through the intake, by what became of them.',
    labelNames: ['outcome'],
    registers,
    collect() {
      this.reset();
      for (const [outcome, count] of Object.entries(intake.counts)) this.inc({ outcome }, count);
    },
  });
  new Counter({
    name: 'patchbay_reading_jobs_total',
    help: 'Texts and letters from outside that were read in threads, by how that ended; those that ran over time or memory were given up.',
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
    help: 'What came in and could not be taken by a fault of ours, by connection; it is kept in quarantine.',
    labelNames: ['connection'],
    registers,
    collect() {
      this.reset();
      for (const [connection, count] of quarantine.counts) this.inc({ connection }, count);
    },
  });
  new Counter({
    name: 'patchbay_delivery_attempts_total',
    help: 'Attempts to deliver, by how they ended.',
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
    help: 'Deliveries under way.',
    labelNames: ['destination'],
    registers,
    collect() {
      for (const { destination, inFlight } of delivery.counts()) this.set({ destination }, inFlight);
    },
  });
  if (queues !== null) registerQueues(metrics, queues);
  registerLoops(metrics, loops);
  new Counter({
    name: 'patchbay_route_answers_total',
    help: 'FastAGI questions answered, by decision; failed and late ones got the default.',
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
    help: 'FastAGI connections ended by us: denied by agi.allow, refused for rubbish or silence, evicted for new ones.',
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
    help: 'How long ago the client directory that routing asks last held everything; 0 where it is the store itself.',
    registers,
    collect() {
      this.set(store.directoryAge() / 1000);
    },
  });
  new Gauge({
    name: 'patchbay_route_snapshot_age_seconds',
    help: 'How long ago the answering thread last heard of plan and devices.',
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
    help: 'Rounds of a background loop that failed in a row; 0 while it works.',
    labelNames: ['loop'],
    registers,
    collect() {
      this.reset();
      for (const { name, failures } of loops.health) this.set({ loop: name }, failures);
    },
  });
  new Counter({
    name: 'patchbay_loop_rounds_total',
    help: 'Rounds of background loops, by how they ended.',
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
    help: '1 while the queue in Redis can be used; at 0 each instance takes what is due from the store by itself.',
    registers,
    collect() {
      this.set(queues.up ? 1 : 0);
    },
  });
  new Gauge({
    name: 'patchbay_queue_jobs',
    help: 'Deliveries in the queue in Redis, over all instances; what is owed beyond it waits in the store.',
    labelNames: ['destination', 'state'],
    registers,
    async collect() {
      this.reset();
      for (const { destination, state, count } of await queues.depths()) this.set({ destination, state }, count);
    },
  });
}
