import { compactTime } from '../../domain/base/compact-time.ts';
import { reason } from '../../domain/reasons/reasons.ts';
import type { HttpClient, HttpRequest } from '../../runtime/http/client.ts';
import { type Fields, fields, id, list, parseJson, text } from '../../runtime/http/fields.ts';
import { statusTrouble, urlencoded } from '../../runtime/http/json.ts';
import { ServiceError } from '../../runtime/http/service-error.ts';
import { readHistoryCsv } from './history/csv.ts';
import type { VatsConfig } from './schema.ts';

/** An employee at the cloud PBX. */
export interface Account {
  readonly login: string;
  readonly extension: string | null;
}

/** The commands of a cloud PBX. All reject with a ServiceError. */
export interface VatsApi {
  /** Rings an employee, then the number. Returns the id of the call, or null if the answer has none. */
  makeCall(extension: string, phone: string, signal: AbortSignal): Promise<string | null>;
  accounts(signal: AbortSignal): Promise<readonly Account[]>;
  /** Ended calls that began within a period (milliseconds since the epoch), as records with the names of the protocol. */
  history(from: number, to: number, signal: AbortSignal): Promise<readonly Fields[]>;
}

/** Opens the commands of a cloud PBX. */
export function openApi(api: NonNullable<VatsConfig['api']>, http: HttpClient, service: string): VatsApi {
  async function request(options: HttpRequest): Promise<string> {
    const answer = await http.request(options);
    if (answer.status >= 300) throw statusTrouble(service, answer);
    return answer.body;
  }

  function rows(body: string): readonly Fields[] {
    const value = parseJson(body);
    if (typeof value !== 'object' || value === null)
      throw new ServiceError('later', reason('answerUnreadable', { service }));
    return (Array.isArray(value) ? list(value) : list(fields(value).items)).map(fields);
  }

  return api.kind === 'megafon' ? megafon(api, request, rows) : forms(api, request, rows);
}

type Request = (options: HttpRequest) => Promise<string>;
type Rows = (body: string) => readonly Fields[];
type Access = Pick<NonNullable<VatsConfig['api']>, 'url' | 'key'>;

/** Forms with `cmd` and `token`. */
function forms({ url, key }: Access, request: Request, rows: Rows): VatsApi {
  const post = (values: Readonly<Record<string, string>>, signal: AbortSignal) =>
    request({ method: 'POST', url, signal, ...urlencoded({ token: key, ...values }) });
  return {
    makeCall: async (user, phone, signal) => callIdIn(await post({ cmd: 'makeCall', user, phone }, signal)),
    accounts: async (signal) => rows(await post({ cmd: 'accounts' }, signal)).flatMap(accountOf),
    history: async (from, to, signal) => {
      const period = { start: timeOf(from), end: timeOf(to) };
      return readHistoryCsv(await post({ cmd: 'history', ...period, type: 'all' }, signal));
    },
  };
}

/** MegaFon's newer interface: the key in a header, answers in JSON. */
function megafon({ url, key }: Access, request: Request, rows: Rows): VatsApi {
  const root = url.replace(/\/$/, '');
  const headers = { 'x-api-key': key };
  return {
    makeCall: async (user, phone, signal) => {
      const form = urlencoded({ user, phone });
      const sent = { ...form, headers: { ...form.headers, ...headers } };
      return callIdIn(await request({ method: 'POST', url: `${root}/makecall`, signal, ...sent }));
    },
    accounts: async (signal) => rows(await request({ url: `${root}/users`, headers, signal })).flatMap(accountOf),
    history: async (from, to, signal) => {
      const query = new URLSearchParams({ start: timeOf(from), end: timeOf(to) });
      return rows(await request({ url: `${root}/history/json?${query}`, headers, signal }));
    },
  };
}

function timeOf(at: number): string {
  return compactTime(new Date(at).toISOString());
}

/** The answer is the id, or an object that has it. */
function callIdIn(body: string): string | null {
  const value = parseJson(body);
  const given = typeof value === 'object' ? fields(value).callid : value;
  return id(given) ?? (value === null && /^[\w.@-]{1,200}$/.test(body.trim()) ? body.trim() : null);
}

function accountOf(row: Fields): readonly Account[] {
  const [login = ''] = (text(row.name) ?? text(row.login) ?? '').split('@', 1);
  return login === '' ? [] : [{ login, extension: id(row.ext) }];
}
