import { eventKey } from '../../../../domain/base/ids.ts';
import type { CallSnapshot } from '../../../../domain/interaction/contact-event.ts';
import type { CallRules } from '../sides.ts';
import { callsOfCel } from './calls.ts';
import type { CelRow } from './row.ts';
import type { CelTable } from './table.ts';

/** Calls whose rows are read at once. */
const atOnce = 100;

/** What a `cel` table has of a linkedid, with those that it is one call with. */
export interface CelTold {
  readonly linkedids: ReadonlySet<string>;
  /** Whether all of it is there: each channel began and ended. Otherwise it is not over, or the table lacks something. */
  readonly isWhole: boolean;
  /** Whether people were connected. */
  readonly hasBridges: boolean;
  /** The calls: none for a feature code, several if colleagues went on talking after the client had left. */
  readonly calls: readonly CallSnapshot[];
}

/** Tells calls from a `cel` table. */
export class CelTeller {
  readonly #table: CelTable;
  readonly #rules: CallRules;

  constructor(table: CelTable, rules: CallRules) {
    this.#table = table;
    this.#rules = rules;
  }

  /** What the table has of these linkedids. Those without rows are absent. */
  async tell(linkedids: readonly string[]): Promise<ReadonlyMap<string, CelTold>> {
    const told = new Map<string, CelTold>();
    for (let i = 0; i < linkedids.length; i += atOnce) {
      const wanted = linkedids.slice(i, i + atOnce).filter((id) => !told.has(id));
      const rows = wanted.length === 0 ? [] : await this.#table.rowsOf(wanted);
      for (const group of groupsOf(rows)) {
        const one = toldOf(group, this.#rules);
        for (const id of one.linkedids) told.set(id, one);
      }
    }
    return told;
  }
}

/** Parts rows into those that belong together: linkedids that share a channel are one call. */
function groupsOf(rows: readonly CelRow[]): readonly (readonly CelRow[])[] {
  const groupOf = new Map<string, CelRow[]>();
  for (const row of rows) {
    const [channel, linked] = [`u${row.uniqueid}`, `l${row.linkedid}`];
    const one = groupOf.get(channel) ?? groupOf.get(linked) ?? [];
    const other = groupOf.get(linked) ?? one;
    if (other !== one) {
      one.push(...other);
      for (const [key, group] of groupOf) if (group === other) groupOf.set(key, one);
    }
    one.push(row);
    groupOf.set(channel, one);
    groupOf.set(linked, one);
  }
  const order = new Map(rows.map((row, index) => [row, index]));
  return [...new Set(groupOf.values())].map((group) => group.sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0)));
}

function toldOf(rows: readonly CelRow[], rules: CallRules): CelTold {
  const linkedids = new Set(rows.map(({ linkedid }) => linkedid));
  const of = (...types: readonly string[]) =>
    new Set(rows.filter(({ type }) => types.includes(type)).map(({ uniqueid }) => uniqueid));
  const channels = new Set(rows.map(({ uniqueid }) => uniqueid));
  const isWhole = of('CHAN_START').size === channels.size && of('HANGUP', 'CHAN_END').size === channels.size;
  const calls = isWhole ? callsOfCel(rows, rules) : [];
  const keys = new Set(calls.map(({ key }) => key));
  const others = [...linkedids].map((id) => eventKey(rules.connection, id)).filter((key) => !keys.has(key));
  return {
    linkedids,
    isWhole,
    hasBridges: rows.some(({ type }) => type === 'BRIDGE_ENTER'),
    // A call that was seen live from its middle on has the key of the linkedid that it had then.
    calls: calls.map((call, i) => (i === 0 ? { ...call, aliases: [...new Set([...call.aliases, ...others])] } : call)),
  };
}
