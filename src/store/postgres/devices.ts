import type { DeviceReport } from '../../domain/call/device.ts';
import type { Connection } from './connect.ts';

/** Keeps what telephones are doing, for the other instances; a report that says nothing new leaves no trace. */
export async function putDevices(db: Connection, reports: readonly DeviceReport[], instance: string): Promise<void> {
  const latest = [...new Map(reports.map((one) => [`${one.connection}/${one.extension}`, one])).values()];
  await db.query(
    `INSERT INTO device_states (connection, extension, state, instance)
     SELECT c, e, s, $4 FROM unnest($1::text[], $2::text[], $3::text[]) AS r (c, e, s) ORDER BY c, e
     ON CONFLICT (connection, extension) DO UPDATE SET state = excluded.state, instance = excluded.instance, seq = excluded.seq
     WHERE device_states.state <> excluded.state`,
    [latest.map((one) => one.connection), latest.map((one) => one.extension), latest.map((one) => one.state), instance],
  );
}
