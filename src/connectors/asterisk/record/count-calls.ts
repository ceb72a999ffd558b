import type { EventKey } from '../../../domain/base/ids.ts';
import { silentLogger } from '../../../runtime/log.ts';
import { RecordReader } from './reader.ts';
import type { CallRules } from './sides.ts';
import type { Portion, RecordSource } from './source.ts';
import type { TableSource } from './table.ts';

/** A period in milliseconds since the epoch; the end is excluded. */
export interface RecordPeriod {
  readonly from: number;
  readonly until: number;
}

/**
 * The number of calls that a call record has of each period, by when they began. Periods follow each other. Rejects
 * with RecordUnreadable. Nothing of it is kept.
 */
export async function countCalls(
  table: TableSource,
  rules: CallRules,
  periods: readonly RecordPeriod[],
): Promise<readonly number[]> {
  const [from, until] = [periods[0]?.from ?? 0, periods.at(-1)?.until ?? 0];
  const place = table.placeAt(from);
  const cursor = { get: async () => place, set: async () => undefined };
  const found = new Map<EventKey, number>();
  const reader = new RecordReader(endingAt(table, until), rules, { cursor, log: silentLogger });
  await reader.read({
    // A call is emitted again with each further row.
    emit: async ({ key, startedAt }) => {
      if (startedAt >= from && startedAt < until) found.set(key, startedAt);
    },
    isLive: () => false,
    isSeen: () => false,
  });
  const counts = periods.map(() => 0);
  for (const startedAt of found.values()) {
    const index = periods.findIndex((period) => startedAt >= period.from && startedAt < period.until);
    counts[index] = (counts[index] ?? 0) + 1;
  }
  return counts;
}

/** A record that ends with the calls that began before a time. Its rows are in the order in which they began. */
function endingAt(source: RecordSource, until: number): RecordSource {
  return {
    cursor: source.cursor,
    advice: source.advice,
    end: () => source.end(),
    inspect: () => source.inspect(),
    async *portions(place): AsyncGenerator<Portion> {
      for await (const portion of source.portions(place)) {
        yield portion;
        if (portion.rows.length > 0 && portion.rows.every(({ row }) => row.start >= until)) return;
      }
    },
  };
}
