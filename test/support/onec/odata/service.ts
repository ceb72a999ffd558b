import type { Answered, Asked } from '../../scripted-service.ts';
import { may, type OnecUser } from '../access.ts';
import { errors, ODataError } from '../errors.ts';
import type { Infobase } from '../infobase.ts';
import { edmxOf } from '../metadata/edmx.ts';
import { type Entity, navigationOf, propertyOf } from '../metadata/schema.ts';
import { type Row, setOfType, textIn } from '../store/values.ts';
import { type Address, addressOf, keyRow } from './address.ts';
import { atomEntry, atomError, atomFeed } from './atom.ts';
import { type QueryOptions, queryOptions } from './query-options.ts';
import { Reader } from './read.ts';
import { type MetadataLevel, Shape, type Shown } from './shape.ts';
import { isGiven, keyTextOf, Writer } from './write.ts';

/** What a request asks, once its address is known. */
interface Call {
  readonly asked: Asked;
  readonly user: OnecUser;
  readonly address: Address;
  readonly options: QueryOptions;
  readonly level: MetadataLevel | null;
  readonly complain: (text: string) => void;
}

/** The standard OData interface of an infobase. */
export class ODataService {
  readonly #base: Infobase;
  /** The address of the service, as answers name it. */
  root = '';

  constructor(base: Infobase) {
    this.#base = base;
  }

  /** Answers a request. `path` is what follows `standard.odata`. */
  answer(asked: Asked, path: string, user: OnecUser): Answered {
    const level = levelOf(asked);
    const complain = (text: string) =>
      void this.#base.state.complaints.push(`${asked.method} ${nameOf(path)}: ${text}`);
    try {
      if (path === '') return this.#list(asked, level);
      if (path === '$metadata') return this.#metadata(asked);
      const address = addressOf(path);
      const call = { asked, user, address, level, complain, options: queryOptions(asked.query, complain) };
      return asked.method === 'GET' ? this.#read(call) : this.#write(call);
    } catch (error) {
      if (error instanceof ODataError) return errorAnswer(error, level);
      // A value that the service does not expect is the caller's mistake as well.
      complain(`the scripted 1C failed: ${String(error)}`);
      return errorAnswer(errors.internal(), level);
    }
  }

  #list({ method }: Asked, level: MetadataLevel | null): Answered {
    if (method !== 'GET') throw errors.httpMethod(method);
    const names = this.#base.schema.entities.map(({ set }) => set);
    if (level !== null) return jsonAnswer(200, { value: names.map((name) => ({ name, url: name })) });
    const sets = names.map((name) => `<collection href="${name}"/>`).join('');
    return xmlAnswer(200, `<service xmlns="http://www.w3.org/2007/app"><workspace>${sets}</workspace></service>`);
  }

  #metadata({ method, query }: Asked): Answered {
    if (method !== 'GET') throw errors.httpMethod(method);
    if ((query.get('$format') ?? '').includes('json')) throw errors.representation();
    return xmlAnswer(200, edmxOf(this.#base.schema));
  }

  #read(call: Call): Answered {
    const { address, user, complain, options, level } = call;
    const section = this.#sectionOf(address.set);
    if (section !== null) return this.#sectionRows(call, section);
    const entity = this.#base.entity(address.set);
    const reader = new Reader(this.#base, user, complain);
    const [next, ...more] = address.rest;
    if (address.key === null) {
      if (next === '$count') return textAnswer(`\uFEFF${reader.count(entity, options)}`);
      if (next !== undefined) throw errors.method(next);
      const { rows, total } =
        entity.kind === 'constant' ? { rows: [reader.one(entity, '[]')], total: null } : reader.page(entity, options);
      const shape = new Shape(this.#base, entity, level ?? 'minimal', options);
      return this.#set(
        entity.set,
        rows.map((row) => shape.show(row)),
        total,
        level,
      );
    }
    if (options.expand.length > 0) throw errors.unsupported('$expand для одиночной сущности');
    const row = reader.one(entity, this.#keyOf(entity, address));
    if (next !== undefined) return this.#through(call, entity, row, [next, ...more]);
    return this.#one(call, entity, row, 200);
  }

  /** A property, or what a reference points to: `Catalog_X(guid'…')/Партнер`. */
  #through(call: Call, entity: Entity, row: Row, [name = '', ...more]: readonly string[]): Answered {
    const navigation = navigationOf(entity.properties, name);
    const isPointing = navigation !== null && (navigation.attribute.kind === 'reference' || more.length > 0);
    if (!isPointing) {
      if (more.length > 0) throw errors.url(more.join('/'));
      const { name: property } = propertyOf(entity.properties, name);
      return call.level === null
        ? xmlAnswer(200, atomEntry(entity.set, { [property]: row[property] }))
        : jsonAnswer(200, { value: row[property] });
    }
    const to = navigation.attribute.kind === 'reference' ? navigation.attribute.to : setOfType(row[`${name}_Type`]);
    const target = to === null ? null : this.#base.find(to, textIn(row, navigation.name));
    if (to === null || target === null) throw errors.instance(name);
    if (!may(call.user, 'read', to)) throw errors.access();
    const rest = navigation.attribute.kind === 'composite' ? more.slice(1) : more;
    const inner = this.#base.entity(to);
    return rest.length === 0 ? this.#one(call, inner, target, 200) : this.#through(call, inner, target, rest);
  }

  #write(call: Call): Answered {
    const { asked, user, address, complain } = call;
    const { method } = asked;
    if (this.#sectionOf(address.set) !== null) throw errors.rows();
    const entity = this.#base.entity(address.set);
    const [action] = address.rest;
    if (action !== undefined) {
      if (method === 'POST' && (action === 'Post' || action === 'Unpost')) {
        complain(`${action} is never called`);
        throw errors.raised('Проведение документа запрещено');
      }
      throw errors.method(action);
    }
    if (!may(user, 'write', entity.set)) throw errors.access();
    if (asked.headers['1c_odata-dataloadmode'] === 'true') complain('load mode skips what 1C does at writing');
    if (method === 'POST') return this.#create(call, entity);
    if (method !== 'PATCH' && method !== 'PUT' && method !== 'DELETE') throw errors.httpMethod(method);
    if (address.key === null) throw errors.httpMethod(method);
    const row = new Reader(this.#base, user, complain).one(entity, this.#keyOf(entity, address));
    if (method === 'DELETE') {
      complain('objects are marked for deletion, never deleted');
      throw errors.access();
    }
    const expected = asked.headers['if-match'];
    const checksVersion = expected !== undefined && this.#base.options.ifMatch !== 'ignored';
    if (checksVersion && expected.replace(/^"(.*)"$/, '$1') !== row.DataVersion) throw errors.changed();
    const writer = new Writer(this.#base, complain);
    const given = bodyOf(asked);
    const written = method === 'PATCH' ? writer.update(entity, row, given) : writer.replace(entity, row, given);
    this.#record(method, entity, written);
    return this.#one(call, entity, written, 200);
  }

  #create(call: Call, entity: Entity): Answered {
    if (call.address.key !== null || entity.kind === 'constant') throw errors.httpMethod('POST');
    const written = new Writer(this.#base, call.complain).create(entity, bodyOf(call.asked));
    this.#record('POST', entity, written);
    const answer = this.#one(call, entity, written, 201);
    const location = `${this.root}${encodeURIComponent(entity.set)}(guid'${textIn(written, 'Ref_Key')}')`;
    return 'Ref_Key' in written ? { ...answer, headers: { ...answer.headers, location } } : answer;
  }

  #record(method: string, entity: Entity, row: Row): void {
    this.#base.state.writes.push({ method, set: entity.set, key: keyTextOf(entity, row), row });
  }

  #keyOf(entity: Entity, { key }: Address): string {
    return entity.kind === 'constant' ? '[]' : this.#base.store(entity.set).keyOf(keyRow(entity, key ?? []));
  }

  /** The object and the section that a set of rows such as `Catalog_X_КонтактнаяИнформация` belongs to. */
  #sectionOf(set: string): { readonly entity: Entity; readonly section: string } | null {
    // Names of objects and sections may have underscores of their own.
    for (let cut = set.lastIndexOf('_'); cut > 0; cut = set.lastIndexOf('_', cut - 1)) {
      const entity = this.#base.schema.find(set.slice(0, cut));
      const section = set.slice(cut + 1);
      if (entity?.sections.has(section) === true) return { entity, section };
    }
    return null;
  }

  /** The rows of all objects, which can only be read, and not filtered here. */
  #sectionRows(call: Call, { entity, section }: { readonly entity: Entity; readonly section: string }): Answered {
    const { options, address, level } = call;
    if (options.filter !== null || options.orderby.length > 0 || options.expand.length > 0 || address.key !== null)
      throw errors.unsupported('отбор строк табличной части не повторён в этой имитации');
    const reader = new Reader(this.#base, call.user, call.complain);
    const shape = new Shape(this.#base, entity, 'none', { select: ['Ref_Key', section], expand: [] });
    const all = reader.page(entity, { ...options, top: null, skip: 0, countsAll: false });
    const rows = all.rows.flatMap((row) => shape.show(row)[section] as readonly Shown[]);
    const end = options.top === null ? undefined : options.skip + options.top;
    return this.#set(address.set, rows.slice(options.skip, end), options.countsAll ? rows.length : null, level);
  }

  #set(set: string, rows: readonly Shown[], total: number | null, level: MetadataLevel | null): Answered {
    if (level === null) return xmlAnswer(200, atomFeed(set, rows, total));
    const metadata = level === 'none' ? {} : { 'odata.metadata': `${this.root}$metadata#${set}` };
    const count = total === null ? {} : { 'odata.count': String(total) };
    return jsonAnswer(200, { ...metadata, ...count, value: rows });
  }

  #one({ level, options, asked }: Call, entity: Entity, row: Row, status: number): Answered {
    const select = asked.method === 'GET' ? options.select : null;
    const shown = new Shape(this.#base, entity, level ?? 'minimal', { select, expand: [] }).show(row);
    if (level === null) return xmlAnswer(status, atomEntry(entity.set, shown));
    const metadata = level === 'none' ? {} : { 'odata.metadata': `${this.root}$metadata#${entity.set}/@Element` };
    return jsonAnswer(status, { ...metadata, ...shown });
  }
}

/** How a request counts: its method and the set. */
export function nameOf(path: string): string {
  try {
    return decodeURIComponent(path.split(/[(/]/)[0] ?? '');
  } catch {
    return path;
  }
}

/** The JSON level that a request asks for; null: Atom, which is what 1C answers unless JSON is asked for. */
function levelOf({ query, headers }: Asked): MetadataLevel | null {
  const format = query.get('$format') ?? headers.accept ?? '';
  if (!format.includes('json')) return null;
  const [, level = 'minimal'] = /odata=(no|minimal|full)metadata/.exec(format) ?? [];
  return level === 'no' ? 'none' : level === 'full' ? 'full' : 'minimal';
}

function bodyOf({ headers, body }: Asked): Readonly<Record<string, unknown>> {
  if (!(headers['content-type'] ?? 'application/json').includes('json'))
    throw errors.unsupported('тело запроса не в JSON не повторено в этой имитации');
  let given: unknown;
  try {
    given = JSON.parse(body.toString('utf8'));
  } catch {
    throw errors.format('JSON');
  }
  if (!isGiven(given)) throw errors.format('JSON');
  return given;
}

const noCache = { dataserviceversion: '3.0', 'cache-control': 'no-cache' };

function jsonAnswer(status: number, body: Shown): Answered {
  return {
    status,
    headers: { 'content-type': 'application/json;charset=utf-8', ...noCache },
    body: JSON.stringify(body),
  };
}

function xmlAnswer(status: number, body: string): Answered {
  return { status, headers: { 'content-type': 'application/xml;charset=utf-8', ...noCache }, body };
}

function textAnswer(body: string): Answered {
  return { headers: { 'content-type': 'text/plain;charset=utf-8', ...noCache }, body };
}

function errorAnswer(error: ODataError, level: MetadataLevel | null): Answered {
  if (level === null) return xmlAnswer(error.status, atomError(error));
  return jsonAnswer(error.status, {
    'odata.error': { code: String(error.code), message: { lang: 'ru', value: error.message } },
  });
}
