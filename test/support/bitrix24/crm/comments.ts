import { crmError, PortalError } from '../errors.ts';
import { type Call, type Method, Page } from '../method.ts';
import type { CardKind, CardLink, TimelineComment } from '../state.ts';
import { type Fields, itemsOf, textOf } from '../values.ts';
import { readFile } from './files.ts';
import { pageOf, readOrder, startOf } from './list.ts';

const kinds: Readonly<Record<string, CardKind>> = {
  contact: 'CONTACT',
  lead: 'LEAD',
  deal: 'DEAL',
  company: 'COMPANY',
};

/** `crm.timeline.comment.*` and `crm.timeline.bindings.*`: comments, and the cards that they stand on. */
export const commentMethods: readonly Method[] = [
  { name: 'crm.timeline.comment.add', parameters: ['fields'], run: add },
  {
    name: 'crm.timeline.comment.update',
    parameters: ['id', 'fields', 'ownerTypeId', 'ownerId'],
    run: (call: Call) => {
      const comment = found(call);
      const given = commentFields(call);
      comment.text = textOf(given.COMMENT) ?? comment.text;
      if (given.FILES !== undefined) comment.files = filesOf(given);
      return true;
    },
  },
  { name: 'crm.timeline.comment.get', parameters: ['id'], run: (call: Call) => rowOf(found(call)) },
  { name: 'crm.timeline.comment.list', parameters: ['select', 'filter', 'order', 'start'], run: list },
  {
    name: 'crm.timeline.comment.delete',
    parameters: ['id', 'ownerTypeId', 'ownerId'],
    run: (call: Call) => call.core.state.comments.delete(found(call).id),
  },
  {
    name: 'crm.timeline.bindings.list',
    parameters: ['filter'],
    run: ({ core, parameters }: Call) => {
      const owner = Number(textOf(parameters.fields('filter')?.OWNER_ID));
      const comment = core.state.comments.get(owner);
      if (!(owner > 0)) throw crmError('OWNER_ID is not defined or invalid.');
      const rows = (comment?.bindings ?? []).map(({ kind, id }) => ({
        OWNER_ID: String(owner),
        ENTITY_ID: String(id),
        ENTITY_TYPE: kind.toLowerCase(),
      }));
      return new Page(rows, rows.length, null);
    },
  },
  {
    name: 'crm.timeline.bindings.bind',
    parameters: ['fields'],
    run: (call: Call) => {
      const { comment, card, at } = bindingOf(call);
      if (at < 0) comment.bindings.push(card);
      return true;
    },
  },
  {
    name: 'crm.timeline.bindings.unbind',
    parameters: ['fields'],
    run: (call: Call) => {
      const { comment, at } = bindingOf(call);
      if (at < 0) throw crmError('Not found.');
      comment.bindings.splice(at, 1);
      return true;
    },
  },
].map((method) => ({ ...method, scopes: ['crm'] }));

function commentFields({ parameters }: Call): Fields {
  const fields = parameters.fields('fields');
  if (fields === null) throw new PortalError(400, '100', 'Could not find value for parameter {fields}');
  for (const name of Object.keys(fields)) {
    if (!['ENTITY_ID', 'ENTITY_TYPE', 'COMMENT', 'FILES', 'AUTHOR_ID'].includes(name))
      parameters.complain(`unknown field fields[${name}]`);
  }
  return fields;
}

function filesOf(fields: Fields): TimelineComment['files'] {
  const files = (itemsOf(fields.FILES) ?? []).map(readFile);
  if (files.includes(null)) throw new PortalError(400, 'INVALID_ARG_VALUE', 'Wrong file');
  return files.filter((file) => file !== null);
}

function add(call: Call): number {
  const { core, authority } = call;
  const fields = commentFields(call);
  const card = cardOf(call, fields);
  const text = textOf(fields.COMMENT) ?? '';
  if (card === null) throw new PortalError(400, 'OWNER_NOT_FOUND', 'Owner not found');
  const files = filesOf(fields);
  if (text === '' && files.length === 0) throw new PortalError(400, 'INVALID_ARG_VALUE', 'Empty comment message');
  const id = core.nextId('comment');
  core.state.comments.set(id, {
    id,
    bindings: [card],
    text,
    files,
    authorId: authority.user.id,
    createdAt: core.now(),
  });
  return id;
}

function found({ core, parameters }: Call): TimelineComment {
  const comment = core.state.comments.get(parameters.integer('id') ?? 0);
  if (comment === undefined) throw new PortalError(400, 'NOT_FOUND', 'Not found.');
  return comment;
}

function rowOf({ id, bindings, text, authorId, createdAt }: TimelineComment): Fields {
  const [first] = bindings;
  return {
    ID: String(id),
    ENTITY_ID: String(first?.id ?? 0),
    ENTITY_TYPE: first?.kind.toLowerCase() ?? '',
    CREATED: createdAt,
    COMMENT: text,
    AUTHOR_ID: String(authorId),
  };
}

/** The filter needs the card; nothing else can be filtered by. */
function list(call: Call): Page {
  const { core, parameters } = call;
  const filter = parameters.fields('filter') ?? {};
  for (const name of Object.keys(filter))
    if (!['ENTITY_ID', 'ENTITY_TYPE'].includes(name)) parameters.complain(`unknown filter field ${name}`);
  const card = cardOf(call, filter);
  if (card === null) throw crmError('Access denied.');
  const rows = [...core.state.comments.values()].filter(({ bindings }) => indexOf(bindings, card) >= 0).map(rowOf);
  const page = pageOf(rows, readOrder(parameters.fields('order')), startOf(parameters));
  return new Page(page.rows, page.total, page.next);
}

function bindingOf(call: Call) {
  const fields = call.parameters.fields('fields') ?? {};
  const comment = call.core.state.comments.get(Number(textOf(fields.OWNER_ID)));
  if (comment === undefined) throw crmError('OWNER_ID is not defined or invalid.');
  if (kinds[textOf(fields.ENTITY_TYPE) ?? ''] === undefined) throw crmError('ENTITY_TYPE is not defined or invalid.');
  const card = cardOf(call, fields);
  if (card === null) throw crmError('ENTITY_ID is not defined or invalid.');
  return { comment, card, at: indexOf(comment.bindings, card) };
}

function cardOf({ core }: Call, fields: Fields): CardLink | null {
  const kind = kinds[(textOf(fields.ENTITY_TYPE) ?? '').toLowerCase()];
  const id = Number(textOf(fields.ENTITY_ID));
  return kind === undefined || core.cards[kind].get(id) === null ? null : { kind, id };
}

function indexOf(cards: readonly CardLink[], { kind, id }: CardLink): number {
  return cards.findIndex((one) => one.kind === kind && one.id === id);
}
