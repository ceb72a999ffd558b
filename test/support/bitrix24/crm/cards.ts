import { crmError } from '../errors.ts';
import { type Call, type Method, Page } from '../method.ts';
import type { CardKind } from '../state.ts';
import { type Fields, isFields, itemsOf, textOf, type Value } from '../values.ts';
import { addCard, changeCard, deleteCard } from './card-changes.ts';
import { isCardField, isMultiField, readOnlyFields } from './card-fields.ts';
import type { Card } from './card-store.ts';
import { knownConditions, pageOfCards, readOrder, startOf } from './list.ts';

/** `crm.contact.*` and its siblings: deprecated, and still the simplest way to read a directory. */
export const cardMethods: readonly Method[] = (['LEAD', 'DEAL', 'CONTACT', 'COMPANY'] as const).flatMap((kind) => {
  const name = `crm.${kind.toLowerCase()}`;
  const method = (verb: string, parameters: readonly string[], run: Method['run']): Method => ({
    name: `${name}.${verb}`,
    scopes: ['crm'],
    parameters,
    run,
  });
  return [
    method('list', ['order', 'filter', 'select', 'start'], (call) => list(kind, call)),
    method('get', ['id'], (call) => wholeRow(found(kind, call))),
    method('add', ['fields', 'params'], (call) => add(kind, call)),
    method('update', ['id', 'fields', 'params'], (call) => update(kind, call)),
    method('delete', ['id'], (call) => remove(kind, call)),
    method('fields', [], () => ({})),
  ];
});

function list(kind: CardKind, { core, parameters }: Call): Page {
  const select = (parameters.list('select') ?? []).map((name) => textOf(name) ?? '');
  for (const name of select) {
    if (name !== '*' && name !== 'UF_*' && !isCardField(kind, name))
      parameters.complain(`unknown field ${name} in select`);
  }
  const order = readOrder(parameters.fields('order'));
  for (const [name] of order)
    if (!isCardField(kind, name.toUpperCase())) parameters.complain(`unknown field ${name} in order`);
  const conditions = knownConditions(parameters, (name) => isCardField(kind, name));
  const page = pageOfCards(core.cards[kind], conditions, readOrder(parameters.fields('order')), startOf(parameters));
  return new Page(
    page.rows.map((card) => selected(card, select)),
    page.total,
    page.next,
  );
}

/** The fields asked for. Without `select`, all but those that hold several values. */
function selected(card: Card, select: readonly string[]): Card {
  const isAll = select.length === 0 || select.includes('*');
  return Object.fromEntries(
    Object.entries(card)
      .filter(([name]) => select.includes(name) || (isAll && !isMultiField(name)))
      .map(([name, value]) => [name, isMultiField(name) ? value : textOf(value)]),
  );
}

function wholeRow(card: Card): Card {
  return Object.fromEntries(
    Object.entries(card)
      .filter(([name, value]) => !isMultiField(name) || (itemsOf(value) ?? []).length > 0)
      .map(([name, value]) => [name, isMultiField(name) ? value : textOf(value)]),
  );
}

function found(kind: CardKind, { core, parameters }: Call): Card {
  const id = parameters.integer('id');
  if (id === null || id <= 0) throw crmError('ID is not defined or invalid.');
  const card = core.cards[kind].get(id);
  if (card === null) throw crmError('Not found');
  return card;
}

/** The fields that may be set; unknown ones are ignored and complained about. */
function givenFields(kind: CardKind, { parameters }: Call): Fields {
  if (!isFields(parameters.raw('fields'))) throw crmError("Parameter 'fields' must be array.");
  const given = Object.entries(parameters.fields('fields') ?? {});
  return Object.fromEntries(
    given.filter(([name, value]) => {
      if (!isCardField(kind, name)) parameters.complain(`unknown field fields[${name}]`);
      else if (readOnlyFields.has(name)) parameters.complain(`read-only field fields[${name}]`);
      else if (isMultiField(name) && itemsOf(value) === null) parameters.complain(`fields[${name}] should be an array`);
      else return true;
      return false;
    }),
  );
}

function add(kind: CardKind, call: Call): number {
  return addCard(call.core, kind, givenFields(kind, call), call.authority.user.id);
}

function update(kind: CardKind, call: Call): true {
  const card = found(kind, call);
  const fields = givenFields(kind, call);
  const merged = Object.entries(fields).map(([name, value]) =>
    isMultiField(name) ? ([name, mergeMulti(card[name], value)] as const) : ([name, value] as const),
  );
  changeCard(call.core, kind, Number(card.ID), Object.fromEntries(merged), call.authority.user.id);
  return true;
}

function remove(kind: CardKind, call: Call): true {
  const card = found(kind, call);
  deleteCard(call.core, kind, Number(card.ID), call.authority.user.id);
  return true;
}

/** Items with a known ID are changed, or deleted with an empty value; the others are added. */
function mergeMulti(before: Value | undefined, given: Value): readonly Value[] {
  const kept = new Map((itemsOf(before) ?? []).map((item) => [textOf((item as Fields).ID), item as Fields]));
  const added: Value[] = [];
  for (const item of itemsOf(given) ?? []) {
    if (!isFields(item)) continue;
    const known = kept.get(textOf(item.ID));
    if (known === undefined) added.push(item);
    else if (item.DELETE === 'Y' || textOf(item.VALUE) === '') kept.delete(textOf(item.ID));
    else kept.set(textOf(item.ID), { ...known, ...item });
  }
  return [...kept.values(), ...added];
}
