import type { PortalCore } from '../core.ts';
import { crmError } from '../errors.ts';
import { type Call, type Method, Page } from '../method.ts';
import type { Activity, CardLink } from '../state.ts';
import { type Fields, isFields, itemsOf, textOf, type Value } from '../values.ts';
import { isActivityField, readOnlyActivityFields } from './activity-fields.ts';
import { kindOfType, typeOfKind } from './card-fields.ts';
import { readFile } from './files.ts';
import { satisfies } from './filter.ts';
import { knownConditions, pageOf, readOrder, startOf } from './list.ts';

const call = '2';
const task = '3';
const email = '4';
const custom = '6';

/** `crm.activity.*`. A letter that goes out is really sent, unless it is added as not completed. */
export const activityMethods: readonly Method[] = [
  { name: 'crm.activity.add', scopes: ['crm'], parameters: ['fields'], run: add },
  { name: 'crm.activity.update', scopes: ['crm'], parameters: ['id', 'fields'], run: update },
  { name: 'crm.activity.get', scopes: ['crm'], parameters: ['id'], run: (given) => rowOf(found(given)) },
  { name: 'crm.activity.list', scopes: ['crm'], parameters: ['order', 'filter', 'select', 'start'], run: list },
  { name: 'crm.activity.delete', scopes: ['crm'], parameters: ['id'], run: remove },
];

function givenFields({ parameters }: Call): Fields {
  if (!isFields(parameters.raw('fields'))) throw crmError("Parameter 'fields' must be array.");
  return Object.fromEntries(
    Object.entries(parameters.fields('fields') ?? {}).filter(([name]) => {
      if (!isActivityField(name)) parameters.complain(`unknown field fields[${name}]`);
      else if (readOnlyActivityFields.has(name)) parameters.complain(`read-only field fields[${name}]`);
      else return true;
      return false;
    }),
  );
}

function add(given: Call): number {
  const { core, parameters, authority } = given;
  const fields = givenFields(given);
  const type = textOf(fields.TYPE_ID) ?? '';
  if (!['1', call, task, email, custom].includes(type)) throw crmError('The field TYPE_ID is not defined or invalid.');
  if (type === task) throw crmError('The activity type is not supported in current context.');
  const provider = textOf(fields.PROVIDER_ID) ?? '';
  if (type === custom && provider === '')
    throw crmError('The custom activity without provider is not supported in current context.');
  if (provider === 'CONFIGURABLE_REST_APP')
    throw crmError('Use crm.activity.configurable.add for this activity provider');
  checkApp(given, provider);
  if ((textOf(fields.SUBJECT) ?? '').trim() === '') throw crmError('The field SUBJECT is not defined or empty.');
  if (core.state.users.get(Number(textOf(fields.RESPONSIBLE_ID))) === undefined)
    throw crmError('The field RESPONSIBLE_ID is not defined or invalid.');
  const communications = itemsOf(fields.COMMUNICATIONS) ?? [];
  if (communications.length === 0 && type !== custom)
    throw crmError('The field COMMUNICATIONS is not defined or invalid.');
  if (communications.length > 1 && type !== email)
    throw crmError('The only one communication is allowed for activity of specified type.');
  for (const one of communications) {
    if (!isFields(one) || textOf(one.VALUE) === null) parameters.complain('COMMUNICATIONS should have VALUE');
  }
  const owner = cardOf(core, fields.OWNER_TYPE_ID, fields.OWNER_ID);
  if (owner === null)
    throw crmError('Could not build binding. Please ensure that owner info and communications are defined correctly.');
  const bindings = boundBy(core, owner, communications);
  const id = core.nextId('activity');
  const activity: Activity = {
    id,
    fields: {
      DIRECTION: '0',
      COMPLETED: type === email ? 'Y' : 'N',
      DESCRIPTION_TYPE: '1',
      PRIORITY: '2',
      START_TIME: core.now(),
      END_TIME: core.now(),
      ...(type === email ? { PROVIDER_ID: 'CRM_EMAIL', PROVIDER_TYPE_ID: 'EMAIL' } : {}),
      ...fields,
      FILES: storedFiles(core, fields.FILES),
      AUTHOR_ID: String(authority.user.id),
      CREATED: core.now(),
      LAST_UPDATED: core.now(),
    },
    bindings,
  };
  core.state.activities.set(id, activity);
  sendIfOutgoing(core, activity);
  core.raise('ONCRMACTIVITYADD', { FIELDS: { ID: String(id) } }, authority.user.id);
  return id;
}

/** The cards of an owner and of communications. */
function boundBy(core: PortalCore, owner: CardLink, communications: readonly Value[]): CardLink[] {
  const clients = communications.flatMap((one) =>
    isFields(one) ? (cardOf(core, one.ENTITY_TYPE_ID, one.ENTITY_ID) ?? []) : [],
  );
  return [owner, ...clients.filter(({ kind, id }) => kind !== owner.kind || id !== owner.id)];
}

/** Puts an activity on cards. Its owner becomes the last one that is no client, else the first. */
export function rebind(activity: Activity, bindings: readonly CardLink[]): void {
  activity.bindings.splice(0, activity.bindings.length, ...bindings);
  const owner = bindings.findLast(({ kind }) => kind !== 'CONTACT' && kind !== 'COMPANY') ?? bindings[0];
  if (owner === undefined) return;
  activity.fields = { ...activity.fields, OWNER_TYPE_ID: String(typeOfKind[owner.kind]), OWNER_ID: String(owner.id) };
}

/** Activities of an application belong to it alone. */
function checkApp({ authority }: Call, provider: unknown): void {
  if (provider === 'REST_APP' && authority.app === null) throw crmError('Access denied! Application context required');
}

/** The trap: an outgoing letter that is added as completed goes to the client. */
function sendIfOutgoing({ state }: PortalCore, { id, fields }: Activity): void {
  if (textOf(fields.TYPE_ID) !== email || textOf(fields.DIRECTION) !== '2' || fields.COMPLETED === 'N') return;
  const to = (itemsOf(fields.COMMUNICATIONS as Value) ?? []).map((one) => textOf((one as Fields).VALUE) ?? '');
  state.sentLetters.push({ activityId: id, to });
}

function storedFiles(core: PortalCore, files: Value | undefined): readonly Fields[] {
  return (itemsOf(files) ?? []).map((file) => {
    const data = isFields(file) ? file.fileData : undefined;
    const read = readFile(data);
    if (read === null) throw crmError('The field FILES is invalid.');
    const id = core.keepFile(read.name, read.bytes);
    return { id, url: `${core.root}/file/${id}` };
  });
}

function update(given: Call): true {
  const { core, authority } = given;
  const activity = found(given);
  checkApp(given, activity.fields.PROVIDER_ID);
  const { FILES, ...fields } = givenFields(given);
  const files = FILES === undefined ? {} : { FILES: storedFiles(core, FILES) };
  activity.fields = { ...activity.fields, ...fields, ...files, LAST_UPDATED: core.now() };
  // Communications bring the bindings along: all others are lost.
  const owner = cardOf(core, activity.fields.OWNER_TYPE_ID, activity.fields.OWNER_ID);
  const communications = itemsOf(fields.COMMUNICATIONS);
  if (owner !== null && communications !== null) rebind(activity, boundBy(core, owner, communications));
  core.raise('ONCRMACTIVITYUPDATE', { FIELDS: { ID: String(activity.id) } }, authority.user.id);
  return true;
}

function remove(given: Call): true {
  const activity = found(given);
  checkApp(given, activity.fields.PROVIDER_ID);
  given.core.state.activities.delete(activity.id);
  given.core.raise('ONCRMACTIVITYDELETE', { FIELDS: { ID: String(activity.id) } }, given.authority.user.id);
  return true;
}

function found({ core, parameters }: Call): Activity {
  const activity = core.state.activities.get(parameters.integer('id') ?? 0);
  if (activity === undefined) throw crmError('Activity is not found.');
  return activity;
}

function list({ core, parameters }: Call): Page {
  const { BINDINGS } = parameters.fields('filter') ?? {};
  const conditions = knownConditions(parameters, isActivityField).filter(({ field }) => field !== 'BINDINGS');
  const origin = conditions.find(({ field }) => field === 'ORIGIN_ID');
  const rows: Fields[] = [];
  for (const activity of core.state.activities.values()) {
    // A look-up by origin must not copy every activity.
    if (origin !== undefined && !satisfies(activity.fields.ORIGIN_ID, origin)) continue;
    if (BINDINGS !== undefined && !isBound(activity, itemsOf(BINDINGS) ?? [])) continue;
    const row = rowOf(activity);
    if (conditions.every((one) => satisfies(row[one.field], one))) rows.push(row);
  }
  const order = readOrder(parameters.fields('order'));
  const page = pageOf(rows, order.length === 0 ? [['START_TIME', false]] : order, startOf(parameters));
  const select = (parameters.list('select') ?? []).map(String);
  for (const name of select)
    if (name !== '*' && !isActivityField(name)) parameters.complain(`unknown field ${name} in select`);
  const isAll = select.length === 0 || select.includes('*');
  const kept = page.rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).filter(([name]) => select.includes(name) || (isAll && name !== 'COMMUNICATIONS')),
    ),
  );
  return new Page(kept, page.total, page.next);
}

function isBound({ bindings }: Activity, wanted: readonly Value[]): boolean {
  return wanted.some(
    (one) =>
      isFields(one) &&
      bindings.some(
        ({ kind, id }) =>
          (one.OWNER_TYPE_ID === undefined || Number(one.OWNER_TYPE_ID) === typeOfKind[kind]) &&
          (one.OWNER_ID === undefined || Number(one.OWNER_ID) === id),
      ),
  );
}

/** An activity as the methods answer it: numbers as texts. */
function rowOf({ id, fields }: Activity): Fields {
  const texts = Object.entries(fields).map(([name, value]) => [
    name,
    typeof value === 'number' ? String(value) : (value as Value),
  ]);
  return { ...Object.fromEntries(texts), ID: String(id) };
}

/** The card that an owner's type and id name; null if there is none. */
export function cardOf(core: PortalCore, type: unknown, id: unknown): CardLink | null {
  const kind = kindOfType[Number(textOf(type))];
  const number = Number(textOf(id));
  return kind === undefined || core.cards[kind].get(number) === null ? null : { kind, id: number };
}
