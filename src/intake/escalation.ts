import type { Staff } from '../domain/directory/manager.ts';
import type { NumberRegion } from '../domain/directory/number-region.ts';
import { StaffIndex } from '../domain/directory/staff-index.ts';
import type { Task } from '../domain/follow-up/follow-up.ts';
import type { Named } from '../domain/interaction/interaction.ts';
import type { Store } from '../domain/ports/store.ts';
import type { Write, WriteResult } from '../domain/ports/writes.ts';
import type { RoutingPlan } from '../domain/routing/routing.ts';
import { passedOnAt } from '../router/due.ts';
import type { Clock } from '../runtime/clock.ts';
import { LeasedLoop } from '../runtime/leased-loop.ts';
import type { Logger } from '../runtime/log.ts';
import type { Loops } from '../runtime/loop.ts';

/** Dependencies of {@link Escalation}. */
export interface EscalationParts {
  readonly store: Pick<Store, 'read' | 'leases'>;
  readonly apply: (writes: readonly Write[]) => Promise<readonly WriteResult[]>;
  readonly plan: () => RoutingPlan;
  readonly staff: () => Staff;
  readonly region: () => NumberRegion;
  readonly clock: Clock;
  readonly log: Logger;
  /** Registry that reports the health of background loops. */
  readonly loops?: Loops;
}

/** Milliseconds between two rounds. */
const pause = 60_000;
/** Tasks read at once, and the limit of pages in a round. */
const limit = 200;
const maxPages = 50;

/** Passes on missed calls that nobody returned in time, by the working hours of their managers. Runs on one instance. */
export class Escalation {
  readonly #parts: EscalationParts;
  readonly #loop: LeasedLoop;

  constructor(parts: EscalationParts) {
    this.#parts = parts;
    const { store, log, loops } = parts;
    this.#loop = new LeasedLoop({
      name: 'schedule:escalation',
      leases: store.leases,
      log,
      loops,
      round: async ({ stopping }) => {
        await this.passOn(stopping);
        return pause;
      },
      backoff: { min: pause, max: pause },
      onTrouble: (error) => log.error({ err: error }, 'missed calls that were not returned could not be passed on'),
    });
  }

  start(): void {
    this.#loop.start();
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  /** Passes on all tasks whose time has come. */
  async passOn(stopping?: AbortSignal): Promise<void> {
    const { store, apply, plan, staff, region, clock, log } = this.#parts;
    if (plan().misses.escalate === null) return;
    const { managers } = staff();
    const index = new StaffIndex(staff(), region());
    let cursor: string | null = null;
    for (let page = 0; page < maxPages && stopping?.aborted !== true; page += 1) {
      const { items, next } = await store.read.tasks({ state: 'open', limit, cursor });
      const at = clock.now();
      const writes = items.flatMap((task): readonly Write[] => {
        const time = passedOnAt(task, plan(), managers);
        const to = time === null || time > at ? null : this.#target(task, index);
        return to === null ? [] : [{ op: 'escalate-task', id: task.id, to, at }];
      });
      if (writes.length > 0) await apply(writes);
      if (writes.length > 0) log.info({ tasks: writes.length }, 'missed calls were not returned in time and passed on');
      if (next === null) return;
      cursor = next;
    }
  }

  /** The manager whom a task is passed on to; null if there is none, or it is the same one. */
  #target(task: Task, staff: StaffIndex): Named | null {
    const { escalate } = this.#parts.plan().misses;
    const manager = task.manager?.id ?? null;
    const to = escalate === null || escalate.to === null ? staff.headOver(manager) : staff.byId(escalate.to);
    return to === null || to.id === manager ? null : { id: to.id, name: to.name };
  }
}
