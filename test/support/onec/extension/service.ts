import { type Answered, type Asked, json } from '../../scripted-service.ts';
import type { Infobase } from '../infobase.ts';
import { isGiven } from '../odata/write.ts';
import type { People } from '../staff/people.ts';
import { type Row, rowsIn, textIn } from '../store/values.ts';

/** The path of our extension's HTTP service. */
export const extensionPath = '/hs/commgw/v1';

/** What our extension was told to show. */
export interface ShownNotification {
  readonly [field: string]: unknown;
}

/**
 * The frame of the HTTP service of our own extension for 1C: the directory, what changed, interactions by their external id,
 * notifications. Its contract is still being written, so bodies are not checked against a schema here.
 */
export class ExtensionService {
  readonly #base: Infobase;
  readonly #people: People;
  /** Clients in the order of their changes. */
  readonly #changed: string[] = [];
  /** Interactions by external id, as they were sent last. */
  readonly interactions = new Map<string, Readonly<Record<string, unknown>>>();
  readonly notifications: ShownNotification[] = [];

  constructor(base: Infobase, people: People) {
    this.#base = base;
    this.#people = people;
    base.handlers.push(({ set }, row) => {
      if (set === people.clientSet) this.#changed.push(textIn(row, 'Ref_Key'));
    });
  }

  /** Answers a request. `path` is what follows the service's address. */
  answer({ method, query, body }: Asked, path: string): Answered {
    const route = `${method} ${path}`;
    if (route === 'GET ping') {
      const { preset = 'ut11', timezone = 'Europe/Moscow' } = this.#base.options;
      return json({ version: '1', configuration: preset, timezone });
    }
    if (route === 'GET clients')
      return this.#changes(query.get('changedSince') ?? '', Number(query.get('limit') ?? 500));
    if (route === 'GET clients/by-phone')
      return this.#found('НомерТелефона', (query.get('phone') ?? '').replace(/\D/g, '').slice(-10));
    if (route === 'GET clients/by-email') return this.#found('АдресЭП', query.get('email') ?? '');
    if (route === 'GET users') return json([...this.#base.store('Catalog_Пользователи').rows()].map(userOf));
    if (route !== 'POST interactions' && route !== 'POST notifications') return refused(404, 'not found');
    const given = parsed(body);
    if (given === null) return refused(400, 'expected a JSON object');
    if (route === 'POST notifications') {
      this.notifications.push(given);
      return json({});
    }
    const { externalId } = given;
    if (typeof externalId !== 'string') return refused(422, 'expected externalId');
    const isNew = !this.interactions.has(externalId);
    this.interactions.set(externalId, { ...this.interactions.get(externalId), ...given });
    return json({ id: externalId, [isNew ? 'created' : 'updated']: true });
  }

  /** All clients first, then those that changed. The cursor is `all:KEY` or `log:NUMBER`. */
  #changes(cursor: string, limit: number): Answered {
    const [phase = '', at = ''] = cursor === '' ? ['all', ''] : cursor.split(':');
    if (phase === 'log') {
      const from = Number(at);
      const keys = this.#changed.slice(from, from + limit);
      const next = from + keys.length;
      const rows = [...new Set(keys)]
        .map((key) => this.#base.find(this.#people.clientSet, key))
        .filter((row) => row !== null);
      return json({ items: rows.map(clientOf), next: `log:${next}`, hasMore: next < this.#changed.length });
    }
    const items: Row[] = [];
    for (const row of this.#base.store(this.#people.clientSet).rows(at === '' ? null : at)) {
      if (items.length === limit)
        return json({
          items: items.map(clientOf),
          next: `all:${textIn(items.at(-1) ?? null, 'Ref_Key')}`,
          hasMore: true,
        });
      items.push(row);
    }
    return json({ items: items.map(clientOf), next: `log:${this.#changed.length}`, hasMore: false });
  }

  #found(column: string, value: string): Answered {
    const matches = (row: Row) =>
      rowsIn(row, 'КонтактнаяИнформация').some((one) => textIn(one, column).endsWith(value));
    const rows = [...this.#base.store(this.#people.clientSet).rows()];
    return json({ items: value === '' ? [] : rows.filter(matches).map(clientOf) });
  }
}

function clientOf(row: Row) {
  const values = (column: string) =>
    rowsIn(row, 'КонтактнаяИнформация').flatMap((one) => (textIn(one, column) === '' ? [] : [textIn(one, column)]));
  return {
    id: textIn(row, 'Ref_Key'),
    kind: 'partner',
    name: textIn(row, 'Description'),
    phones: values('НомерТелефона'),
    emails: values('АдресЭП'),
    responsibleId: textIn(row, 'ОсновнойМенеджер_Key') || textIn(row, 'Ответственный_Key'),
    deleted: row.DeletionMark === true,
    version: textIn(row, 'DataVersion'),
  };
}

function userOf(row: Row) {
  const [phone, email] = ['НомерТелефона', 'АдресЭП'].map((column) =>
    rowsIn(row, 'КонтактнаяИнформация')
      .map((one) => textIn(one, column))
      .find((value) => value !== ''),
  );
  return {
    id: textIn(row, 'Ref_Key'),
    name: textIn(row, 'Description'),
    email: email ?? null,
    extension: phone ?? null,
    active: row.Недействителен !== true,
  };
}

function parsed(body: Buffer): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return isGiven(value) ? value : null;
  } catch {
    return null;
  }
}

function refused(status: number, message: string): Answered {
  return json({ code: String(status), message, retryable: status === 503 }, status);
}
