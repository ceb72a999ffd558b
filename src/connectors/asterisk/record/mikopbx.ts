import { HttpClient } from '../../../runtime/http/client.ts';
import { type Fields, fields, parseJson } from '../../../runtime/http/fields.ts';
import { statusTrouble } from '../../../runtime/http/json.ts';
import { ServiceError } from '../../../runtime/http/service-error.ts';
import { rowOf } from './row.ts';
import type { MikoPbxSettings } from './settings.ts';
import { type PlacedRow, type Portion, type RecordFacts, type RecordSource, RecordUnreadable } from './source.ts';
import type { ToInstant } from './zone.ts';

const service = 'MikoPBX';
/** The module answers at most 600 rows, and the REST API 1000. */
const pageSize = 500;

/** The columns of MikoPBX's record, by those of Asterisk. */
const names: Readonly<Record<string, string>> = {
  ...{ start: 'start', answer: 'answer', end: 'endtime', src: 'src_num', dst: 'dst_num', cnam: 'src_name' },
  ...{ channel: 'src_chan', dstchannel: 'dst_chan', linkedid: 'linkedid', sequence: 'id', did: 'did' },
  ...{ disposition: 'disposition', billsec: 'billsec', duration: 'duration' },
  recordingfile: 'recordingfile',
};

/** MikoPBX's own call record. Its rows have growing ids and are written once the whole call has ended. */
export class MikoPbxSource implements RecordSource {
  readonly cursor = 'cdr_mikopbx';
  readonly advice = 'rows of the call record of MikoPBX have no linkedid or times';
  readonly #settings: MikoPbxSettings;
  readonly #toInstant: ToInstant;
  readonly #signal: AbortSignal;
  readonly #http: HttpClient;

  constructor(settings: MikoPbxSettings, toInstant: ToInstant, signal: AbortSignal) {
    this.#settings = settings;
    this.#toInstant = toInstant;
    this.#signal = signal;
    const { timeout, ca } = settings;
    this.#http = new HttpClient(service, { timeout, largestFile: 1, ...(ca !== undefined && { ca }) }, settings.url);
  }

  async end(): Promise<string> {
    if (this.#settings.api === 'v3') {
      const [newest] = await this.#fetch({ sort: 'id', order: 'DESC', limit: 1 });
      return String(newest === undefined ? 0 : idOf(newest));
    }
    // The module can't answer the newest row, so the first id without a row behind it is searched by halving.
    const isBeyond = async (id: number) => (await this.#fetch({ offset: id, limit: 1 })).length === 0;
    let high = 1;
    while (!(await isBeyond(high))) high *= 2;
    let low = 0;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (await isBeyond(middle)) high = middle;
      else low = middle + 1;
    }
    return String(low);
  }

  async inspect(): Promise<RecordFacts> {
    const newest = Number(await this.end());
    const [row] = newest === 0 ? [] : await this.#after(newest - 1, 1);
    return { missing: [], newest: (row && this.#placed(row)?.row.end) ?? null };
  }

  async *portions(text: string): AsyncIterable<Portion> {
    let place = Number(text) || 0;
    for (;;) {
      const page = await this.#after(place, pageSize);
      const rows = page.flatMap((one) => this.#placed(one) ?? []);
      const last = Math.max(place, ...page.map(idOf));
      yield { rows, place: String(last), unreadable: page.length - rows.length };
      if (page.length < pageSize || last === place) return;
      place = last;
    }
  }

  #after(id: number, limit: number): Promise<readonly Fields[]> {
    return this.#fetch(
      this.#settings.api === 'v3' ? { idFrom: id, sort: 'id', order: 'ASC', limit } : { offset: id, limit },
    );
  }

  #placed(one: Fields): PlacedRow | null {
    const column = (name: string) => {
      // MikoPBX adds its own suffix to the unique id.
      if (name === 'uniqueid') return textOf(one.UNIQUEID).split('_', 1)[0] ?? '';
      return textOf(one[names[name] ?? '']);
    };
    const row = rowOf(column, this.#toInstant);
    return row === null ? null : { row, place: String(idOf(one) - 1), order: idOf(one) };
  }

  async #fetch(query: Readonly<Record<string, string | number>>): Promise<readonly Fields[]> {
    const { url, api, token } = this.#settings;
    const address = new URL(api === 'v3' ? '/pbxcore/api/v3/cdr' : '/pbxcore/api/cdr/get_data', url);
    const wanted = api === 'v3' ? { ...query, grouped: 'false' } : { ...query, format: 'json' };
    for (const [name, value] of Object.entries(wanted)) address.searchParams.set(name, String(value));
    // Without any filter, the REST API answers the last 30 days only.
    if (api === 'v3') address.searchParams.set('dateFrom', '2000-01-01');
    try {
      const answer = await this.#http.request({
        url: address.href,
        headers: { accept: 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
        signal: this.#signal,
      });
      if (answer.status !== 200) throw statusTrouble(service, answer);
      const rows = rowsOf(answer.body);
      if (rows === null) throw new RecordUnreadable(`${service} answered no call record: ${query.limit} rows asked`);
      return rows;
    } catch (error) {
      if (error instanceof ServiceError) throw new RecordUnreadable(error.message);
      throw error;
    }
  }
}

/** The rows of an answer: a list, the REST API's envelope, or XML of older modules. Null if it is none of them. */
function rowsOf(body: string): readonly Fields[] | null {
  if (body.trimStart().startsWith('<')) return xmlRows(body);
  const value = parseJson(body);
  if (Array.isArray(value)) return value.map(fields);
  const { records } = fields(fields(value).data);
  return Array.isArray(records) ? records.map(fields) : null;
}

/** Rows as `<cdr-row id="1" src_num="7916…" />`, whose values are percent-encoded. */
function xmlRows(body: string): readonly Fields[] | null {
  if (!body.includes('<cdr-table')) return null;
  return body
    .split('<cdr-row')
    .slice(1)
    .map((part) => {
      const row: Record<string, string> = {};
      // Percent-encoded values contain neither blanks nor quotes.
      for (const attribute of part.split(/\s/)) {
        const at = attribute.indexOf('="');
        if (at > 0 && attribute.endsWith('"')) row[attribute.slice(0, at)] = decoded(attribute.slice(at + 2, -1));
      }
      return row;
    });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function idOf(row: Fields): number {
  return Number(row.id) || 0;
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
