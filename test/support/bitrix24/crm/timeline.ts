import { coreError, PortalError } from '../errors.ts';
import type { Call, Method } from '../method.ts';
import type { CardKind, CardLink } from '../state.ts';
import { type Fields, isFields, itemsOf, textOf } from '../values.ts';
import { cardOf } from './activities.ts';
import { readFile } from './files.ts';

/** To-dos, comments and traces: what is left on a card beside activities. */
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
  { name: 'crm.timeline.comment.add', scopes: ['crm'], parameters: ['fields'], run: addComment },
  {
    name: 'crm.timeline.comment.update',
    scopes: ['crm'],
    parameters: ['id', 'fields'],
    run: (call) => {
      const comment = call.core.state.comments.get(call.parameters.integer('id') ?? 0);
      if (comment === undefined) throw new PortalError(400, 'NOT_FOUND', 'Not found.');
      comment.text = textOf(commentFields(call).COMMENT) ?? comment.text;
      return true;
    },
  },
  {
    name: 'crm.timeline.comment.delete',
    scopes: ['crm'],
    parameters: ['id', 'ownerTypeId', 'ownerId'],
    run: ({ core, parameters }) => {
      if (!core.state.comments.delete(parameters.integer('id') ?? 0))
        throw new PortalError(400, 'NOT_FOUND', 'Not found.');
      return true;
    },
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

const ownerKinds: Readonly<Record<string, CardKind>> = {
  contact: 'CONTACT',
  lead: 'LEAD',
  deal: 'DEAL',
  company: 'COMPANY',
};

function commentFields({ parameters }: Call): Fields {
  const fields = parameters.fields('fields');
  if (fields === null) throw new PortalError(400, '100', 'Could not find value for parameter {fields}');
  for (const name of Object.keys(fields)) {
    if (!['ENTITY_ID', 'ENTITY_TYPE', 'COMMENT', 'FILES', 'AUTHOR_ID'].includes(name))
      parameters.complain(`unknown field fields[${name}]`);
  }
  return fields;
}

function addComment(call: Call): number {
  const { core, authority } = call;
  const fields = commentFields(call);
  const kind = ownerKinds[(textOf(fields.ENTITY_TYPE) ?? '').toLowerCase()];
  const cardId = Number(textOf(fields.ENTITY_ID));
  const text = textOf(fields.COMMENT) ?? '';
  const files = (itemsOf(fields.FILES) ?? []).map(readFile);
  if (kind === undefined || core.cards[kind].get(cardId) === null)
    throw new PortalError(400, 'OWNER_NOT_FOUND', 'Owner not found');
  if (text === '' && files.length === 0) throw new PortalError(400, 'INVALID_ARG_VALUE', 'Empty comment message');
  if (files.includes(null)) throw new PortalError(400, 'INVALID_ARG_VALUE', 'Wrong file');
  const id = core.nextId('comment');
  const kept = files.filter((file) => file !== null);
  core.state.comments.set(id, { id, card: { kind, id: cardId }, text, files: kept, authorId: authority.user.id });
  return id;
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
