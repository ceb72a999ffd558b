import type { Config } from '../../config/config.ts';
import { Endpoints } from '../../connectors/asterisk/endpoints/endpoints.ts';
import { lineFinder } from '../../connectors/asterisk/own-lines.ts';
import { countCalls } from '../../connectors/asterisk/record/count-calls.ts';
import { RecordUnreadable } from '../../connectors/asterisk/record/source.ts';
import { recordSource } from '../../connectors/asterisk/record/sources.ts';
import { TableSource } from '../../connectors/asterisk/record/table.ts';
import type { AsteriskConfig } from '../../connectors/asterisk/schema.ts';
import type { Period } from '../../crm/shared/compare/comparable.ts';
import { systemClock } from '../../runtime/clock.ts';

/** What the PBXs' own records say. */
export interface PbxCounts {
  /** The number of calls by period; null if not every PBX can be asked. */
  readonly calls: readonly number[] | null;
  /** Why a record could not be read, or null. */
  readonly problem: string | null;
}

const unknown: PbxCounts = { calls: null, problem: null };

/**
 * Counts the calls in the records of all PBXs, by periods that follow each other. Only a record in a database can be
 * asked for a time; calls that arrive by webhooks have no record.
 */
export async function pbxCounts(config: Config, periods: readonly Period[]): Promise<PbxCounts> {
  const { connectors, managers, lines, company } = config;
  const pbxs = Object.entries(connectors).filter(([, { kind }]) => kind === 'asterisk');
  if (pbxs.length === 0 || Object.values(connectors).some(({ kind }) => kind === 'webhook')) return unknown;
  const staff = () => ({ managers, lines });
  const sums = periods.map(() => 0);
  for (const [connection, own] of pbxs) {
    const settings = own as unknown as AsteriskConfig;
    const source = recordSource(settings, { clock: systemClock, signal: new AbortController().signal });
    if (!(source instanceof TableSource)) return unknown;
    const isLine = lineFinder({ connection, country: company.region, staff });
    try {
      const counts = await countCalls(source, { connection, endpoints: new Endpoints(settings), isLine }, periods);
      for (const [at, count] of counts.entries()) sums[at] = (sums[at] ?? 0) + count;
    } catch (error) {
      if (!(error instanceof RecordUnreadable)) throw error;
      return { calls: null, problem: `${connection}: ${error.message}` };
    }
  }
  return { calls: sums, problem: null };
}
