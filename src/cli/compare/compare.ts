import type { Cores } from '../../crm/cores.ts';
import { type Comparison, comparePeriod, type Found } from '../../crm/shared/compare/compare.ts';
import { isFault, type Repaired, type RepairParts, repair } from '../../crm/shared/compare/repair.ts';
import type { Store } from '../../domain/ports/store.ts';
import { systemClock } from '../../runtime/clock.ts';
import { ServiceError } from '../../runtime/http/service-error.ts';
import { CommandError, type CommonOptions, print, UsageError } from '../command.ts';
import { configOf } from '../context.ts';
import { withCores } from '../cores.ts';
import { destinationOf } from '../crm.ts';
import { pbxCounts } from './pbx-counts.ts';
import { type Day, daysOf, periodOf } from './period.ts';
import { reportJson, reportText } from './report.ts';

/** Options of `crm compare`. */
export interface CompareOptions extends CommonOptions {
  readonly from?: string;
  readonly to?: string;
  readonly repair?: boolean;
  readonly restore?: boolean;
}

/** More differences than these are counted only. So many are no lost contacts, but a wrong portal or store. */
const maxFound = 10_000;
/** The part of the CRM's limit of requests that a comparison takes; the running gateway needs the rest. */
const part = 0.25;

/**
 * `patchbay crm compare NAME`: compares what a CRM holds of the contacts of a period with what it should hold, and with
 * `--repair` has the differences repaired. Nothing is repaired before everything was compared. Works while the gateway
 * runs, which delivers what is owed again. Exit codes: 0 if there is no difference (any more), 1 otherwise.
 */
export async function compareCrm(name: string, options: CompareOptions): Promise<void> {
  if (options.restore === true && options.repair !== true)
    throw new UsageError('--restore: expected together with --repair');
  const config = configOf(options);
  const destination = destinationOf(name, config);
  const { timezone } = config.company;
  const period = periodOf(options, timezone, systemClock.now());
  const days = [...daysOf(period, timezone)];
  const pbx = await pbxCounts(config, days);
  const run = new Run(options);
  await withCores(config, (cores, store) => run.carryOut(destination, days, cores, store), { part });
  const compared = run.days.map((day, at) => ({ ...day, recorded: pbx.calls?.[at] ?? null }));
  const { found, further, repaired, problem } = run;
  const results = { found, further, repaired, problem, days: compared, pbxProblem: pbx.problem };
  const report = { destination, timezone, period, options, ...results };
  print(options, reportJson(report), reportText(report));
  process.exitCode = run.isClean ? 0 : 1;
}

/** One comparison, and the repair if it is wanted. What was found before the other side failed is kept. */
class Run {
  readonly days: (Day & Comparison)[] = [];
  readonly found: Found[] = [];
  readonly repaired = new Map<Found, Repaired>();
  problem: string | null = null;
  readonly #options: CompareOptions;

  constructor(options: CompareOptions) {
    this.#options = options;
  }

  /** The number of differences that were only counted. */
  get further(): number {
    return this.days.reduce((sum, day) => sum + day.further, 0);
  }

  /** Whether the other side has everything, or will have once what is owed again is delivered. */
  get isClean(): boolean {
    const isLeft = (one: Found) => !['owed', 'removed'].includes(this.repaired.get(one) ?? 'left');
    const restore = this.#options.restore === true;
    return (
      this.problem === null && this.further === 0 && !this.found.some((one) => isFault(one, { restore }) && isLeft(one))
    );
  }

  async carryOut(destination: string, days: readonly Day[], cores: Cores, store: Store): Promise<void> {
    const core = cores.comparable(destination);
    if (core === null)
      throw new CommandError(`${destination} can't be compared: its kind does not say what the other side holds`);
    const { signal } = new AbortController();
    const { read } = store;
    try {
      for (const day of days) {
        const parts = { core, destination, read, signal, maxFound: maxFound - this.found.length };
        const { found, ...compared } = await comparePeriod(day, parts);
        this.found.push(...found);
        this.days.push({ ...day, ...compared, found: [] });
        this.#progress(day);
      }
      if (this.#options.repair !== true || this.further > 0) return;
      const apply: RepairParts['apply'] = (writes) => store.apply(writes);
      const restore = this.#options.restore === true;
      const parts = { core, destination, signal, clock: systemClock, apply, restore };
      await repair(this.found, parts, (one, how) => this.repaired.set(one, how));
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      this.problem = error.message;
    }
  }

  #progress({ day }: Day): void {
    if (this.#options.json !== true && process.stderr.isTTY) process.stderr.write(`\r${day} compared`);
  }
}
