import { PortalError } from '../errors.ts';
import type { Call, Method } from '../method.ts';
import type { CallList } from '../state.ts';
import { textOf } from '../values.ts';
import { typeOfKind } from './card-fields.ts';
import { listRows } from './list.ts';

const statusNames = {
  IN_WORK: 'In Progress',
  SUCCESS: 'Successful',
  WRONG_NUMBER: 'Wrong Number',
  STOP_CALLING: 'Do Not Call Again',
};

/** `crm.calllist.*`: lists of numbers to call. */
export const callListMethods: readonly Method[] = [
  { name: 'crm.calllist.add', parameters: ['ENTITY_TYPE', 'ENTITIES', 'WEBFORM_ID'], run: add },
  { name: 'crm.calllist.update', parameters: ['LIST_ID', 'ENTITY_TYPE', 'ENTITIES', 'WEBFORM_ID'], run: update },
  {
    name: 'crm.calllist.get',
    parameters: ['ID'],
    run: ({ core, parameters }: Call) => {
      const id = required(parameters.integer('ID'), 'ID');
      const list = core.state.callLists.get(id);
      if (list === undefined) throw new PortalError(400, 'LIST_ID_ERROR', 'Incorrect list id');
      return rowOf(list);
    },
  },
  {
    name: 'crm.calllist.list',
    parameters: ['SELECT', 'FILTER', 'ORDER', 'start'],
    run: ({ core, parameters }: Call) =>
      listRows([...core.state.callLists.values()].map(rowOf), parameters, (name) =>
        ['ID', 'DATE_CREATE', 'CREATED_BY_ID', 'WEBFORM_ID', 'ENTITY_TYPE_ID'].includes(name),
      ),
  },
  { name: 'crm.calllist.items.get', parameters: ['LIST_ID', 'FILTER'], run: items },
  {
    name: 'crm.calllist.statuslist',
    parameters: [],
    run: () =>
      Object.entries(statusNames).map(([id, name], index) => ({
        ID: 61 + index * 2,
        NAME: name,
        SORT: (index + 1) * 10,
        STATUS_ID: id,
      })),
  },
].map((method) => ({ ...method, scopes: ['crm'] }));

function required<T>(value: T | null, name: string): T {
  if (value === null) throw new PortalError(400, 'ERROR_ARGUMENT', `${name} is not found`);
  return value;
}

function entitiesOf(
  { core, parameters }: Call,
  wrongKind: string,
): Pick<CallList, 'kind'> & { readonly ids: readonly number[] } {
  const type = required(parameters.text('ENTITY_TYPE'), 'ENTITY_TYPE');
  const kind = (['CONTACT', 'COMPANY'] as const).find((one) => one === type);
  if (!parameters.has('ENTITIES')) throw new PortalError(400, 'ERROR_ARGUMENT', 'ENTITIES is not found');
  if (kind === undefined) throw new PortalError(400, 'ENTITY_TYPE_ERROR', wrongKind);
  const ids = parameters.list('ENTITIES')?.map(Number);
  if (ids === undefined) throw new PortalError(400, 'ENTITIES_ERROR', 'Entities is not array');
  if (ids.some((id) => core.cards[kind].get(id) === null))
    throw new PortalError(400, 'ENTITY_ERROR', 'Incorrect entities id');
  return { kind, ids };
}

function add(call: Call): number {
  const { core, parameters, authority } = call;
  const { kind, ids } = entitiesOf(call, 'Incorrect entity type');
  const id = core.nextId('call list');
  core.state.callLists.set(id, {
    id,
    kind,
    createdBy: authority.user.id,
    createdAt: core.now().slice(0, 19).replace('T', ' '),
    webform: parameters.integer('WEBFORM_ID'),
    items: new Map(ids.map((one) => [one, 'IN_WORK'])),
    calls: new Map(),
  });
  return id;
}

/** Replaces the members: those that are not named are removed. */
function update(call: Call): true {
  const { core, parameters } = call;
  const listId = required(parameters.integer('LIST_ID'), 'LIST_ID');
  const { kind, ids } = entitiesOf(call, 'EntityType is incorrect');
  const list = core.state.callLists.get(listId);
  if (list === undefined) throw new PortalError(400, 'LIST_ID_ERROR', 'Incorrect list id or access denied');
  if (list.kind !== kind)
    throw new PortalError(
      400,
      'ENTITY_TYPE_ERROR',
      'Discrepancy between the type of call participants and incoming type',
    );
  list.webform = parameters.integer('WEBFORM_ID');
  for (const id of list.items.keys()) if (!ids.includes(id)) list.items.delete(id);
  for (const id of ids) if (!list.items.has(id)) list.items.set(id, 'IN_WORK');
  return true;
}

function items({ core, parameters }: Call): readonly unknown[] {
  const id = required(parameters.integer('LIST_ID'), 'LIST_ID');
  if (id < 1) throw new PortalError(400, 'LIST_ID_ERROR', 'List id should be positive');
  const list = core.state.callLists.get(id);
  if (list === undefined) throw new PortalError(400, 'LIST_ID_ERROR', 'Call list is not found');
  const status = textOf(parameters.fields('FILTER')?.STATUS);
  if (status !== null && !(status in statusNames)) throw new PortalError(400, 'STATUS_ERROR', 'Incorrect status');
  return [...list.items]
    .filter(([, one]) => status === null || one === status)
    .map(([member, one]) => ({ ID: member, STATUS: one, ENTITY_TYPE: typeOfKind[list.kind] }));
}

function rowOf(list: CallList) {
  return {
    ID: String(list.id),
    DATE_CREATE: list.createdAt,
    CREATED_BY_ID: String(list.createdBy),
    WEBFORM_ID: list.webform === null ? null : String(list.webform),
    ENTITY_TYPE_ID: String(typeOfKind[list.kind]),
    ENTITY_TYPE: list.kind,
  };
}
