import type { ConnectorContext } from '../../contract.ts';
import type { AsteriskConfig } from '../schema.ts';
import { CelTable } from './cel/table.ts';
import { CsvSource } from './csv.ts';
import { MikoPbxSource } from './mikopbx.ts';
import { mysqlTable } from './mysql.ts';
import { postgresTable } from './postgres.ts';
import type { RecordSource } from './source.ts';
import { sqliteTable } from './sqlite.ts';
import { type Table, TableSource } from './table.ts';
import { type RecordZone, recordZone } from './zone.ts';

/** The configured call record, or null if there is none. Nothing is opened before it is read. */
export function recordSource(
  config: Pick<AsteriskConfig, 'cdr' | 'timezone' | 'charset'>,
  context: Pick<ConnectorContext, 'clock' | 'signal'>,
): RecordSource | null {
  const { cdr, charset } = config;
  if (cdr === undefined) return null;
  const { recordingColumn: recording } = cdr;
  const zone = zoneOf(config);
  if (cdr.csv !== undefined) return new CsvSource(cdr.csv, zone.toInstant, charset, recording);
  const table = tableOf(cdr);
  if (table !== null) return new TableSource(table, zone, context.clock, recording);
  return cdr.mikopbx === undefined ? null : new MikoPbxSource(cdr.mikopbx, zone.toInstant, context.signal);
}

/** The configured `cel` table beside the call record, or null if there is none. */
export function celTable(config: Pick<AsteriskConfig, 'cdr' | 'timezone'>): CelTable | null {
  const { mysql, postgres, sqlite } = config.cdr ?? {};
  const name = (mysql ?? postgres ?? sqlite)?.cel;
  if (name === undefined) return null;
  const at = <T>(settings: T | undefined) => settings && { ...settings, table: name };
  const table = tableOf({ mysql: at(mysql), postgres: at(postgres), sqlite: at(sqlite) });
  return table === null ? null : new CelTable(table, zoneOf(config));
}

type Databases = Pick<NonNullable<AsteriskConfig['cdr']>, 'mysql' | 'postgres' | 'sqlite'>;

function tableOf({ mysql, postgres, sqlite }: { [K in keyof Databases]: Databases[K] | undefined }): Table | null {
  if (mysql !== undefined) return mysqlTable(mysql);
  if (postgres !== undefined) return postgresTable(postgres);
  return sqlite === undefined ? null : sqliteTable(sqlite);
}

function zoneOf({ cdr, timezone }: Pick<AsteriskConfig, 'cdr' | 'timezone'>): RecordZone {
  return recordZone(cdr?.utc === true ? 'UTC' : (timezone ?? 'UTC'));
}
