import type { Period } from '../../crm/shared/compare/comparable.ts';
import type { ChannelCounts, Comparison, Found } from '../../crm/shared/compare/compare.ts';
import type { Repaired } from '../../crm/shared/compare/repair.ts';
import type { Channel } from '../../domain/interaction/interaction.ts';
import { reasonText } from '../../domain/reasons/reasons.ts';
import type { Day } from './period.ts';

/** A day that was compared; its differences are in the report. */
export type ComparedDay = Day &
  Comparison & {
    /** Calls in the PBXs' own records; null if these can't be asked. */
    readonly recorded: number | null;
  };

/** The whole comparison. */
export interface ComparisonReport {
  readonly destination: string;
  readonly timezone: string;
  readonly period: Period;
  readonly days: readonly ComparedDay[];
  readonly found: readonly Found[];
  /** Further differences that were only counted. */
  readonly further: number;
  /** What was done; empty without `--repair`. */
  readonly repaired: ReadonlyMap<Found, Repaired>;
  /** Why not everything could be compared or repaired, or null. */
  readonly problem: string | null;
  /** Why the PBX's own record could not be read, or null. */
  readonly pbxProblem: string | null;
  readonly options: { readonly repair?: boolean; readonly restore?: boolean };
}

/** Contacts that wait are listed up to this many; `patchbay deliveries list` lists them, too. */
const maxWaiting = 100;

/** The report for programs. */
export function reportJson(report: ComparisonReport) {
  const { destination, timezone, period, days, found, further, repaired, problem, pbxProblem } = report;
  return {
    destination,
    timezone,
    from: new Date(period.from).toISOString(),
    until: new Date(period.until).toISOString(),
    problem,
    pbxProblem,
    days: days.map(({ day, counts, surplus, recorded }) => ({
      day,
      surplus,
      channels: Object.fromEntries(
        rowsOf(counts, recorded).map(([channel, count]) => [
          channel,
          { source: sourceOf(channel, count, recorded), ...count },
        ]),
      ),
    })),
    differences: found.map((one) => ({ ...differenceJson(one), repaired: repaired.get(one) ?? null })),
    further,
    waiting: days.flatMap(({ waiting }) =>
      waiting.map(({ reason, ...one }) => ({ ...one, reason: reason === null ? null : reasonText(reason) })),
    ),
  };
}

function differenceJson({ difference, startedAt, mending }: Found) {
  const { kind, expected } = difference;
  const { interaction, channel, item } = expected;
  return {
    kind,
    ...{ interaction, channel, item, startedAt },
    remote: 'remote' in difference ? difference.remote.id : expected.remote,
    ...(kind === 'different' && { fact: difference.fact, ours: difference.ours, theirs: difference.theirs }),
    repairable: mending.kind === 'mend',
    settled: mending.kind === 'settled',
    why: 'why' in mending ? reasonText(mending.why) : null,
  };
}

/** The report for people. It names contacts by their ids, and nobody. */
export function reportText(report: ComparisonReport): readonly string[] {
  const { destination, timezone, days, found, further, problem, pbxProblem, options } = report;
  const lines = table([
    ['day', 'channel', 'source', 'ours', 'theirs', 'waiting', 'unknown'],
    ...days.flatMap(({ day, counts, recorded }) =>
      rowsOf(counts, recorded).map(([channel, count]) => [
        ...[day, channel, text(sourceOf(channel, count, recorded))],
        ...[count.ours, count.theirs, count.waiting, count.unknown].map(String),
      ]),
    ),
  ]);
  const surplus = days.reduce((sum, day) => sum + day.surplus, 0);
  const waiting = days.flatMap((day) => day.waiting);
  return [
    `${destination}, days of ${timezone}`,
    ...lines,
    ...(pbxProblem === null ? [] : [`the calls of the PBX could not be counted: ${pbxProblem}`]),
    ...(surplus === 0 ? [] : [`${surplus} there with our mark belong to no contact (merged or erased)`]),
    ...waiting
      .slice(0, maxWaiting)
      .map(
        ({ state, channel, interaction, reason }) =>
          `${state === 'due' ? 'still due' : 'parked'}: ${channel} ${interaction}${reason === null ? '' : `: ${reasonText(reason)}`}`,
      ),
    ...(waiting.length <= maxWaiting
      ? []
      : [`${waiting.length - maxWaiting} further contacts are still due or parked`]),
    ...found.map((one) => foundText(one, report)),
    ...(further === 0
      ? []
      : [`${further} further differences; so many are not repaired at once: choose a shorter period`]),
    ...(problem === null ? [] : [problemText(report, problem)]),
    ...(problem === null && found.length === 0 ? ['no difference'] : []),
    ...(options.repair === true || !found.some(({ mending }) => mending.kind === 'mend')
      ? []
      : ['nothing was changed; --repair repairs what can be repaired']),
  ];
}

function problemText({ destination, repaired }: ComparisonReport, problem: string): string {
  const done = [...repaired.values()].filter((how) => how === 'owed' || how === 'removed').length;
  const rest = done === 0 ? 'nothing was repaired' : `only ${done} differences were repaired`;
  return `${destination} did not answer everything, so ${rest}: ${problem}`;
}

const kinds: Readonly<Record<Found['difference']['kind'], string>> = {
  missing: 'missing there',
  deleted: 'deleted there',
  doubled: 'doubled there',
  different: 'different there',
};

function foundText(found: Found, { repaired, options }: ComparisonReport): string {
  const { difference, startedAt } = found;
  const { channel, interaction, item } = difference.expected;
  const what =
    difference.kind === 'different'
      ? `: ${difference.fact} ${difference.ours} here, ${difference.theirs} there`
      : difference.kind === 'doubled'
        ? `: ${difference.remote.id}`
        : '';
  const then = options.repair === true ? doneText(found, repaired.get(found)) : planText(found);
  return `${kinds[difference.kind]}: ${channel} ${interaction} of ${startedAt}, ${item}${what}; ${then}`;
}

function planText({ difference, mending }: Found): string {
  if (mending.kind !== 'mend') return reasonText(mending.why);
  if (difference.kind === 'deleted') return 'left as it is unless with --repair --restore';
  return mending.ledger === null ? 'can be removed' : 'can be delivered again';
}

function doneText(found: Found, how: Repaired | undefined): string {
  switch (how) {
    case 'removed':
      return 'removed';
    case 'owed':
      return 'delivered again by the running gateway';
    case 'busy':
      return 'changed meanwhile, and was left alone';
    default:
      return found.mending.kind === 'mend' && found.difference.kind !== 'deleted' ? 'not repaired' : planText(found);
  }
}

const none: ChannelCounts = { stored: 0, ours: 0, theirs: 0, waiting: 0, unknown: 0 };

/** The channels of a day. Calls that only the PBX has are shown as well. */
function rowsOf(counts: Comparison['counts'], recorded: number | null): readonly (readonly [Channel, ChannelCounts])[] {
  const all = (recorded ?? 0) > 0 ? { call: none, ...counts } : counts;
  return Object.entries(all) as [Channel, ChannelCounts][];
}

/** The source's own number: of calls the PBX's, of letters, messages and forms what was received. */
function sourceOf(channel: Channel, { stored }: ChannelCounts, recorded: number | null): number | null {
  return channel === 'call' ? recorded : stored;
}

function text(count: number | null): string {
  return count === null ? '—' : String(count);
}

function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
