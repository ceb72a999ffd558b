import { parseChannelName } from '../../endpoints/channel-name.ts';
import { runningApplication } from '../../tracker/applications.ts';
import { dialledByData } from '../dial-data.ts';
import type { CelRow } from './row.ts';

/** Applications that call channels. */
const callers: ReadonlySet<string> = new Set(['dial', 'queue', 'followme', 'retrydial', 'page']);

/** Who called a channel, and by which number; empty if its application does not name one. */
export interface Dial {
  readonly caller: string;
  readonly number: string;
}

/** A channel in an application that calls others. */
interface Calling {
  readonly at: number;
  readonly uniqueid: string;
  readonly name: string;
  readonly data: string;
}

/**
 * Finds out who called which channel, which the table does not say: a channel of the same call whose application names the
 * endpoint, else one that waits in a queue. A second `Dial` of a channel has no row of its own, so later rows count, too.
 */
export class Dials {
  readonly #callings: readonly Calling[];
  readonly #first = new Map<string, number>();
  readonly #last = new Map<string, number>();

  constructor(rows: readonly CelRow[]) {
    const callings: Calling[] = [];
    for (const [at, row] of rows.entries()) {
      if (!this.#first.has(row.uniqueid)) this.#first.set(row.uniqueid, at);
      this.#last.set(row.uniqueid, at);
      const { name, data } = runningApplication(row.application, row.data);
      if (callers.has(name)) callings.push({ at, uniqueid: row.uniqueid, name, data });
    }
    this.#callings = callings;
  }

  /** The dial of the channel that starts in the row at `index`; null if it was not called. */
  of(row: CelRow, index: number): Dial | null {
    // The second half of a Local channel comes with the first, which is what was called.
    if (row.channel.endsWith(';2')) return null;
    const { endpoint } = parseChannelName(row.channel);
    const living = this.#callings.filter(
      ({ uniqueid }) =>
        uniqueid !== row.uniqueid && this.#at(this.#first, uniqueid) < index && this.#at(this.#last, uniqueid) > index,
    );
    const naming = living.filter(({ data }) => names(data, row.channel));
    const nearest = (some: readonly Calling[]) =>
      some.reduce<Calling | undefined>(
        (best, one) => (best === undefined || Math.abs(one.at - index) < Math.abs(best.at - index) ? one : best),
        undefined,
      );
    const found = nearest(naming) ?? nearest(living.filter(({ at, name }) => at < index && name !== 'dial'));
    if (found === undefined) return null;
    const number = found.name === 'queue' ? null : dialledByData(found.data, endpoint);
    return { caller: found.uniqueid, number: number ?? '' };
  }

  #at(places: ReadonlyMap<string, number>, uniqueid: string): number {
    return places.get(uniqueid) ?? -1;
  }
}

/** Whether the arguments of `Dial` name a channel's endpoint: `PJSIP/101,30`, `PJSIP/79161234567@trunk`, `Local/101@leg/n&…`. */
function names(data: string, channel: string): boolean {
  const { technology, endpoint } = parseChannelName(channel);
  const destinations = (data.split(',', 1)[0] ?? '').split('&').map((one) => one.trim().toLowerCase());
  const wanted = `${technology}/${endpoint}`.toLowerCase();
  return destinations.some((one) => {
    if (!one.startsWith(`${technology.toLowerCase()}/`)) return false;
    return one === wanted || one.startsWith(`${wanted}/`) || one.split(/[/@]/).includes(endpoint.toLowerCase());
  });
}
