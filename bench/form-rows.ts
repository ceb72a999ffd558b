import { openForReading } from '../src/store/sqlite/connect.ts';

/** What one form left in the store, for the bare peer of bench/forms.ts to write as often as it is asked. */
export interface FormRows {
  /** Ids that each form has anew. */
  readonly ids: readonly string[];
  /** The number by which the form's rows are found; each form has its own. */
  readonly phone: string;
  /** `'hash'` stands for a key's bytes, `'at'` for the time of the form. */
  readonly rows: readonly { readonly table: string; readonly values: readonly unknown[] }[];
}

/** Where the rows of one interaction lie, by the parameter `?` for its id. */
const places = {
  interactions: 'id = ?',
  history: 'interaction = ?',
  event_keys: 'interaction = ?',
  leads: "body ->> '$.first' = ?",
  tasks: 'id = ?',
} as const;

/** Every row that one form has left in a store. */
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
