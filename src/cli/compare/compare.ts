import type { Found } from '../../crm/shared/compare/compare.ts';
import { comparePeriod } from '../../crm/shared/compare/compare.ts';
import { isFault, type Repaired, type RepairParts, repair } from '../../crm/shared/compare/repair.ts';
import { systemClock } from '../../runtime/clock.ts';
import { ServiceError } from '../../runtime/http/service-error.ts';
import { CommandError, type CommonOptions, print, UsageError } from '../command.ts';
import { configOf } from '../context.ts';
import { withCores } from '../cores.ts';
import { destinationOf } from '../crm.ts';
import { pbxCounts } from './pbx-counts.ts';
import { daysOf, periodOf } from './period.ts';
import { type ComparedDay, type ComparisonReport, reportJson, reportText } from './report.ts';

/** Options of `crm compare`. */
export interface CompareOptions extends CommonOptions {
  readonly from?: string;
  readonly to?: string;
  readonly repair?: boolean;
  readonly restore?: boolean;
}

/** More differences than these are counted only. So many are no lost contacts, but a wrong portal or store. */
const maxFound = 10_000;

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
  const report = await withCores(config, async (cores, store): Promise<ComparisonReport> => {
    const core = cores.comparable(destination);
    if (core === null)
      throw new CommandError(`${destination} can't be compared: its kind does not say what the other side holds`);
    const { signal } = new AbortController();
    const parts = { core, destination, read: store.read, signal };
    const repairing: RepairParts = {
      ...{ core, destination, signal, clock: systemClock, restore: options.restore === true },
      apply: (writes) => store.apply(writes),
    };
    const wanted = [...daysOf(period, timezone)];
    const pbx = await pbxCounts(config, wanted);
    const days: ComparedDay[] = [];
    const found: Found[] = [];
    let uncounted = 0;
    const repaired = new Map<Found, Repaired>();
    let problem: string | null = null;
    try {
      for (const [at, day] of wanted.entries()) {
        const compared = await comparePeriod(day, parts);
        const room = maxFound - found.length;
        found.push(...compared.found.slice(0, room));
        uncounted += Math.max(0, compared.found.length - room);
        days.push({ ...day, ...compared, found: [], recorded: pbx.calls?.[at] ?? null });
        progress(options, day.day);
      }
      if (options.repair === true && uncounted === 0)
        await repair(found, repairing, (one, how) => repaired.set(one, how));
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      problem = error.message;
    }
    return {
      destination,
      timezone,
      period,
      days,
      found,
      uncounted,
      repaired,
      problem,
      options,
      pbxProblem: pbx.problem,
    };
  });
  print(options, reportJson(report), reportText(report));
  process.exitCode = isClean(report) ? 0 : 1;
}

/** Whether the other side has everything, or will have once what is owed again is delivered. */
function isClean({ found, uncounted, repaired, problem, options }: ComparisonReport): boolean {
  const isLeft = (one: Found) => !['owed', 'removed'].includes(repaired.get(one) ?? 'left');
  const restore = options.restore === true;
  return problem === null && uncounted === 0 && !found.some((one) => isFault(one, { restore }) && isLeft(one));
}

function progress({ json }: CommonOptions, day: string): void {
  if (json !== true && process.stderr.isTTY) process.stderr.write(`\r${day} compared`);
}
