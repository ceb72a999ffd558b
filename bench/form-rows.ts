import { openForReading } from '../src/store/sqlite/connect.ts';

/** The rows of one form in the store, which the bare peer of bench/forms.ts inserts for each form. */
export interface FormRows {
  /** Ids that are replaced by new ones for each form. */
  readonly ids: readonly string[];
  /** The phone number in the rows, which is replaced for each form. */
  readonly phone: string;
  /** `'hash'` is a placeholder for the bytes of a key, `'at'` for the time of the form. */
  readonly rows: readonly { readonly table: string; readonly values: readonly unknown[] }[];
}

/** Conditions that select the rows of one interaction; `?` is its id. */
const places = {
  interactions: 'id = ?',
  history: 'interaction = ?',
  event_keys: 'interaction = ?',
  leads: "body ->> '$.first' = ?",
  tasks: 'id = ?',
} as const;

/** Reads all rows of one form from a store. */
export function rowsOfForm(database: string): FormRows {
  const db = openForReading(database);
  const { id, phone } = db.prepare('SELECT id, phone FROM interactions LIMIT 1').get() as { id: string; phone: string };
  const found = Object.entries(places).flatMap(([table, place]) => {
    const rows = db.prepare(`SELECT * FROM ${table} WHERE ${place}`).raw().all(id) as unknown[][];
    return rows.map((values) => ({ table, values: values.map(plain) }));
  });
  db.close();
  const lead = found.find(({ table }) => table === 'leads')?.values[0];
  return { ids: [id, String(lead)], phone, rows: found };
}

function plain(value: unknown): unknown {
  if (Buffer.isBuffer(value)) return 'hash';
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) ? 'at' : value;
}
