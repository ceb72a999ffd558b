import { fields, parseJson } from '../../../../runtime/http/fields.ts';
import type { ToInstant } from '../zone.ts';

/** A row of a `cel` table: one event of a channel. Absent texts are empty. */
export interface CelRow {
  /** Identifies the row within the table. Ids grow in the order of the events. */
  readonly id: string;
  /** `CHAN_START`, `BRIDGE_ENTER`, … */
  readonly type: string;
  readonly at: number;
  readonly uniqueid: string;
  readonly linkedid: string;
  readonly channel: string;
  /** The channel's own caller id. */
  readonly number: string;
  readonly name: string;
  readonly extension: string;
  readonly application: string;
  readonly data: string;
  /** What belongs to the event alone, such as the bridge. */
  readonly extra: Readonly<Record<string, string>>;
}

/** The number that a column of integers has for a type. */
const types: Readonly<Record<string, string>> = {
  ...{ '1': 'CHAN_START', '2': 'CHAN_END', '3': 'HANGUP', '4': 'ANSWER', '5': 'APP_START', '6': 'APP_END' },
  ...{ '11': 'PARK_START', '12': 'PARK_END', '13': 'BLINDTRANSFER', '14': 'ATTENDEDTRANSFER' },
  ...{ '22': 'LINKEDID_END', '24': 'PICKUP', '25': 'FORWARD' },
};

/** Parses a row. Null if it does not say when what happened to which channel. */
export function celRowOf(column: (name: string) => string, toInstant: ToInstant): CelRow | null {
  const at = instantOf(column('eventtime'), toInstant);
  const [uniqueid, linkedid, channel] = [column('uniqueid'), column('linkedid'), column('channame')];
  if (Number.isNaN(at) || uniqueid === '' || linkedid === '' || channel === '') return null;
  const type = column('eventtype').trim().toUpperCase();
  return {
    id: column('id'),
    type: Object.hasOwn(types, type) ? (types[type] ?? type) : type,
    at,
    uniqueid,
    linkedid,
    channel,
    number: column('cid_num'),
    name: column('cid_name'),
    extension: column('exten'),
    application: column('appname'),
    data: column('appdata'),
    extra: extraOf(column('extra')),
  };
}

/** Without `dateformat` in cel.conf, texts have seconds since the epoch. */
function instantOf(text: string, toInstant: ToInstant): number {
  return /^\d{9,11}(\.\d{1,6})?$/.test(text) ? Math.round(Number(text) * 1000) : toInstant(text);
}

function extraOf(text: string): Readonly<Record<string, string>> {
  const entries = Object.entries(text === '' ? {} : fields(parseJson(text)));
  return Object.fromEntries(entries.map(([name, value]) => [name, typeof value === 'object' ? '' : String(value)]));
}
