import { coreError, PortalError } from '../errors.ts';
import type { Call, Method } from '../method.ts';
import type { CardLink } from '../state.ts';
import { type Fields, isFields, textOf } from '../values.ts';
import { cardOf } from './activities.ts';

/** To-dos and traces: what is left on a card beside other activities. */
export const timelineMethods: readonly Method[] = [
  {
    name: 'crm.activity.todo.add',
    scopes: ['crm'],
    exact: true,
    parameters: [
      'ownerTypeId',
      'ownerId',
      'deadline',
      'title',
      'description',
      'responsibleId',
      'parentActivityId',
      'pingOffsets',
      'colorId',
    ],
    run: addTodo,
  },
  { name: 'crm.tracking.trace.add', scopes: ['crm'], parameters: ['TRACE', 'ENTITIES'], run: addTrace },
];

function addTodo({ core, parameters, authority }: Call): Fields {
  const type = parameters.integer('ownerTypeId');
  const ownerId = parameters.integer('ownerId');
  const deadline = parameters.text('deadline');
  for (const [name, value] of Object.entries({ ownerTypeId: type, ownerId, deadline }))
    if (value === null) throw new PortalError(400, '100', `Could not find value for parameter {${name}}`);
  const owner = cardOf(core, type, ownerId);
  if (owner === null) throw new PortalError(400, 'OWNER_NOT_FOUND', 'Owner not found');
  if (!/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.test(deadline ?? '') || Number.isNaN(Date.parse(deadline ?? '')))
    throw new PortalError(400, 'WRONG_DATETIME_FORMAT', 'Wrong datetime format');
  const id = core.nextId('activity');
  core.state.activities.set(id, {
    id,
    fields: {
      OWNER_TYPE_ID: String(type),
      OWNER_ID: String(ownerId),
      TYPE_ID: '6',
      PROVIDER_ID: 'CRM_TODO',
      PROVIDER_TYPE_ID: 'TODO',
      SUBJECT: parameters.text('title') ?? '',
      DESCRIPTION: parameters.text('description') ?? '',
      DEADLINE: core.date(Date.parse(deadline ?? '')),
      COMPLETED: 'N',
      RESPONSIBLE_ID: String(parameters.integer('responsibleId') ?? authority.user.id),
      START_TIME: core.now(),
      CREATED: core.now(),
      LAST_UPDATED: core.now(),
    },
    bindings: [owner],
  });
  core.raise('ONCRMACTIVITYADD', { FIELDS: { ID: String(id) } }, authority.user.id);
  return { id };
}

function addTrace({ core, parameters }: Call): number {
  const text = parameters.text('TRACE');
  if (text === null) throw coreError('Parameter `TRACE` required.');
  const cards = (parameters.list('ENTITIES') ?? []).map((entity): CardLink => {
    const kind = isFields(entity)
      ? (['COMPANY', 'CONTACT', 'DEAL', 'LEAD'] as const).find((one) => one === entity.TYPE)
      : undefined;
    if (kind === undefined)
      throw coreError('Wrong TYPE in parameter `ENTITIES`. Allowed types: COMPANY,CONTACT,DEAL,LEAD,QUOTE');
    const id = Number(textOf((entity as Fields).ID));
    if (core.cards[kind].get(id) === null) throw coreError('Wrong ID in parameter `ENTITIES`.');
    return { kind, id };
  });
  const id = core.nextId('trace');
  core.state.traces.push({ id, trace: parsed(text), cards });
  return id;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw coreError('Can not parse JSON in parameter `TRACE`.');
  }
}
