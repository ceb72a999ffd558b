import { Gauge, type Registry } from 'prom-client';
import type { DeliveryScheduler } from './scheduler.ts';

/** Adds the scheduler's numbers to the metrics: attempts by their end, and what is under way. */
export function registerDeliveryMetrics(registry: Registry, scheduler: DeliveryScheduler): void {
  const registers = [registry];
  new Gauge({
    name: 'patchbay_delivery_attempts',
    help: 'Attempts to deliver since the start, by how they ended.',
    labelNames: ['destination', 'outcome'],
    registers,
    collect() {
      for (const { destination, counts } of scheduler.counts()) {
        for (const [outcome, count] of Object.entries(counts)) this.set({ destination, outcome }, count);
      }
    },
  });
  new Gauge({
    name: 'patchbay_deliveries_in_flight',
    help: 'Deliveries under way.',
    labelNames: ['destination'],
    registers,
    collect() {
      for (const { destination, inFlight } of scheduler.counts()) this.set({ destination }, inFlight);
    },
  });
}
