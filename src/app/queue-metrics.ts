import { Counter, Gauge, type Registry } from 'prom-client';
import type { Clock } from '../runtime/clock.ts';
import type { QueueBoard } from './queue-board.ts';

/** Registers the metrics of the PBXs' queues. */
export function registerPbxQueues(metrics: Registry, board: Pick<QueueBoard, 'states' | 'counts'>, clock: Clock): void {
  const registers = [metrics];
  const labelNames = ['connection', 'queue'];
  new Gauge({
    name: 'patchbay_pbx_queue_callers',
    help: 'Callers who wait in a queue of the PBX.',
    labelNames,
    registers,
    collect() {
      this.reset();
      for (const { connection, queue, callers } of board.states) this.set({ connection, queue }, callers.length);
    },
  });
  new Gauge({
    name: 'patchbay_pbx_queue_longest_wait_seconds',
    help: 'Time for which the caller who waits longest in a queue of the PBX has waited; 0 if nobody waits.',
    labelNames,
    registers,
    collect() {
      this.reset();
      for (const { connection, queue, callers } of board.states) {
        const first = Math.min(...callers.map(({ since }) => since));
        this.set({ connection, queue }, callers.length === 0 ? 0 : Math.max(0, (clock.now() - first) / 1000));
      }
    },
  });
  new Gauge({
    name: 'patchbay_pbx_queue_agents',
    help: 'Agents of a queue of the PBX, by whether they are paused.',
    labelNames: [...labelNames, 'paused'],
    registers,
    collect() {
      this.reset();
      for (const { connection, queue, agents } of board.states) {
        const paused = agents.filter(({ isPaused }) => isPaused).length;
        this.set({ connection, queue, paused: 'yes' }, paused);
        this.set({ connection, queue, paused: 'no' }, agents.length - paused);
      }
    },
  });
  new Counter({
    name: 'patchbay_pbx_queue_events_total',
    help: 'Callers who joined a queue of the PBX, and how they left it: answered, abandoned, timeout, exit_key, empty or full.',
    labelNames: [...labelNames, 'event'],
    registers,
    collect() {
      this.reset();
      for (const { connection, queue, what, count } of board.counts)
        this.inc({ connection, queue, event: what }, count);
    },
  });
}
