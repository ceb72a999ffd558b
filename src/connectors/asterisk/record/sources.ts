import type { ConnectorContext } from '../../contract.ts';
import type { AsteriskConfig } from '../schema.ts';
import { CsvSource } from './csv.ts';
import { MikoPbxSource } from './mikopbx.ts';
import { mysqlTable } from './mysql.ts';
import { postgresTable } from './postgres.ts';
import type { RecordSource } from './source.ts';
import { sqliteTable } from './sqlite.ts';
import { TableSource } from './table.ts';
import { recordZone } from './zone.ts';

/** The configured call record, or null if there is none. Nothing is opened before it is read. */
export function recordSource(
  config: Pick<AsteriskConfig, 'cdr' | 'timezone' | 'charset'>,
  context: Pick<ConnectorContext, 'clock' | 'signal'>,
): RecordSource | null {
  const { cdr, charset } = config;
  if (cdr === undefined) return null;
  const { recordingColumn: recording } = cdr;
  const zone = recordZone(cdr.utc ? 'UTC' : (config.timezone ?? 'UTC'));
  if (cdr.csv !== undefined) return new CsvSource(cdr.csv, zone.toInstant, charset, recording);
  const table =
    (cdr.mysql && mysqlTable(cdr.mysql)) ??
    (cdr.postgres && postgresTable(cdr.postgres)) ??
    (cdr.sqlite && sqliteTable(cdr.sqlite));
  if (table !== undefined) return new TableSource(table, zone, context.clock, recording);
  return cdr.mikopbx === undefined ? null : new MikoPbxSource(cdr.mikopbx, zone.toInstant, context.signal);
}
