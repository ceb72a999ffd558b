import type { Connection } from './connect.ts';

/** Makes the partition of the month that a moment lies in, where it is missing. Ids are UUIDv7, so a month is a range of ids. */
export async function ensurePartition(connection: Connection, at: number): Promise<void> {
  const { from, to, name } = monthOf(at);
  await connection.query(
    `CREATE TABLE IF NOT EXISTS ${name} PARTITION OF interactions FOR VALUES FROM ('${idAt(from)}') TO ('${idAt(to)}')`,
  );
}

/** The name of a moment's partition, for telling whether it is known already. */
export function partitionName(at: number): string {
  return monthOf(at).name;
}

function monthOf(at: number): { readonly from: number; readonly to: number; readonly name: string } {
  const day = new Date(at);
  const [year, month] = [day.getUTCFullYear(), day.getUTCMonth()];
  return {
    from: Date.UTC(year, month, 1),
    to: Date.UTC(year, month + 1, 1),
    name: `interactions_${year}_${String(month + 1).padStart(2, '0')}`,
  };
}

/** The part of an id that its milliseconds make: the lowest of all ids of that moment. */
function idAt(at: number): string {
  const hex = at.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}`;
}
