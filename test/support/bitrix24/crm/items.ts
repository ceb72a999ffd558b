import { PortalError } from '../errors.ts';
import { type Call, type Method, Page } from '../method.ts';
import type { CardKind } from '../state.ts';
import { type Fields, isFields, itemsOf, textOf, type Value } from '../values.ts';
import { addCard, changeCard, deleteCard } from './card-changes.ts';
import { isCardField, isMultiField, kindOfType, multiFields, readOnlyFields } from './card-fields.ts';
import type { Card } from './card-store.ts';
import { type Condition, readFilter } from './filter.ts';
import { type Order, pageOfCards, readOrder, startOf } from './list.ts';

/** `crm.item.*`: the modern methods for all kinds of cards, in camelCase, with numbers as numbers. */
export const itemMethods: readonly Method[] = [
  {
    name: 'crm.item.list',
    parameters: ['entityTypeId', 'select', 'filter', 'order', 'start', 'useOriginalUfNames'],
    run: list,
  },
  {
    name: 'crm.item.get',
    parameters: ['entityTypeId', 'id', 'useOriginalUfNames'],
    run: (call: Call) => ({ item: itemOf(found(call), true) }),
  },
  { name: 'crm.item.add', parameters: ['entityTypeId', 'fields', 'useOriginalUfNames'], run: add },
  { name: 'crm.item.update', parameters: ['entityTypeId', 'id', 'fields', 'useOriginalUfNames'], run: update },
  {
    name: 'crm.item.delete',
    parameters: ['entityTypeId', 'id'],
    run: (call: Call) => {
      deleteCard(call.core, kindOf(call), Number(found(call).ID), call.authority.user.id);
      return [];
    },
  },
].map((method) => ({ ...method, scopes: ['crm'], exact: true }));

const renamed: Readonly<Record<string, string>> = {
  createdTime: 'DATE_CREATE',
  updatedTime: 'DATE_MODIFY',
  createdBy: 'CREATED_BY_ID',
  updatedBy: 'MODIFY_BY_ID',
  movedBy: 'MOVED_BY_ID',
};
const renamedBack = new Map(Object.entries(renamed).map(([modern, old]) => [old, modern]));
const numbers = /(^ID$|_ID$|^OPPORTUNITY$)/;
const textIds = new Set(['STATUS_ID', 'STAGE_ID', 'SOURCE_ID', 'TYPE_ID', 'CURRENCY_ID', 'ORIGINATOR_ID', 'ORIGIN_ID']);

/** `assignedById` → `ASSIGNED_BY_ID`. */
function oldName(kind: CardKind, name: string): string {
  if (kind === 'LEAD' && name === 'stageId') return 'STATUS_ID';
  return renamed[name] ?? name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

function newName(name: string): string {
  return (
    renamedBack.get(name) ?? name.toLowerCase().replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
  );
}

function kindOf({ parameters }: Call): CardKind {
  const kind = kindOfType[parameters.integer('entityTypeId') ?? 0];
  if (kind === undefined) throw new PortalError(400, 'NOT_FOUND', 'SPA not found');
  return kind;
}

function found(call: Call): Card {
  const card = call.core.cards[kindOf(call)].get(call.parameters.integer('id') ?? 0);
  if (card === null) throw new PortalError(400, 'NOT_FOUND', 'Item not found');
  return card;
}

function isField(kind: CardKind, name: string): boolean {
  return isCardField(kind, oldName(kind, name)) && !isMultiField(oldName(kind, name));
}

function list(call: Call): Page {
  const { core, parameters } = call;
  const kind = kindOf(call);
  const conditions = readFilter(parameters.fields('filter') ?? {}).map((condition): Condition => {
    if (!isField(kind, condition.field))
      throw invalid(`Invalid filter: field '${condition.field}' is not allowed in filter`);
    return { ...condition, field: oldName(kind, condition.field) };
  });
  const order = readOrder(parameters.fields('order')).map(([name, isDescending]): Order[number] => {
    if (!isField(kind, name)) throw invalid(`Invalid order: field '${name}' is not allowed in order`);
    return [oldName(kind, name), isDescending];
  });
  const select = parameters.list('select')?.map((name) => textOf(name) ?? '') ?? ['*'];
  const page = pageOfCards(core.cards[kind], conditions, order, startOf(parameters));
  const items = page.rows.map((card) => {
    const item = itemOf(card, select.includes('*'));
    if (select.includes('*')) return item;
    return Object.fromEntries(Object.entries(item).filter(([name]) => name === 'id' || select.includes(name)));
  });
  return new Page({ items }, page.total, page.next);
}

function invalid(text: string): PortalError {
  return new PortalError(400, 'INVALID_ARG_VALUE', text);
}

/** A card in the modern spelling. `fm` comes only with all fields. */
function itemOf(card: Card, isWhole: boolean): Fields {
  const scalars = Object.entries(card)
    .filter(([name]) => !isMultiField(name))
    .map(([name, value]) => [newName(name === 'STATUS_ID' ? 'STAGE_ID' : name), modernValue(name, value)] as const);
  if (!isWhole) return Object.fromEntries(scalars);
  const fm = multiFields.flatMap((name) =>
    (itemsOf(card[name]) ?? []).map((item) => {
      const { ID, VALUE_TYPE, VALUE, TYPE_ID } = item as Fields;
      return { id: Number(ID), valueType: VALUE_TYPE, value: VALUE, typeId: TYPE_ID } as Fields;
    }),
  );
  return { ...Object.fromEntries(scalars), fm };
}

function modernValue(name: string, value: Value): Value {
  if (!numbers.test(name) || textIds.has(name)) return value;
  const text = textOf(value);
  return text === null || text === '' ? value : Number(text);
}

function add(call: Call): Fields {
  const kind = kindOf(call);
  const id = addCard(call.core, kind, givenFields(call, kind, null), call.authority.user.id);
  return { item: itemOf(call.core.cards[kind].get(id) ?? {}, true) };
}

function update(call: Call): Fields {
  const kind = kindOf(call);
  const card = found(call);
  const id = Number(card.ID);
  changeCard(call.core, kind, id, givenFields(call, kind, card), call.authority.user.id);
  return { item: itemOf(call.core.cards[kind].get(id) ?? {}, true) };
}

/** The fields to store. Multiple values come as `fm`: new ones under `n0`, `n1` …, known ones under their ids. */
function givenFields({ parameters }: Call, kind: CardKind, before: Card | null): Fields {
  const given = parameters.fields('fields');
  if (given === null) throw new PortalError(400, '100', 'Could not find value for parameter {fields}');
  const { fm, ...scalars } = given;
  const kept = Object.entries(scalars).flatMap(([name, value]) => {
    const old = oldName(kind, name);
    if (isField(kind, name) && !readOnlyFields.has(old)) return [[old, Array.isArray(value) ? value : textOf(value)]];
    parameters.complain(`unknown or read-only field fields[${name}]`);
    return [];
  });
  return { ...Object.fromEntries(kept), ...(fm === undefined ? {} : mergedMulti(fm, before)) };
}

function mergedMulti(fm: Value, before: Card | null): Fields {
  const entries = isFields(fm)
    ? Object.entries(fm)
    : (itemsOf(fm) ?? []).map((item, index) => [`n${index}`, item] as const);
  const all = new Map(
    multiFields
      .flatMap((name) => itemsOf(before?.[name]) ?? [])
      .map((item) => [textOf((item as Fields).ID), item as Fields]),
  );
  for (const [key, item] of entries) {
    if (!isFields(item)) throw new PortalError(400, '100', 'Expected iterable value for multiple field');
    const known = all.get(key);
    const value = textOf(item.value) ?? '';
    if (value === '') all.delete(key);
    else
      all.set(key, {
        ...(known === undefined ? {} : { ID: key }),
        TYPE_ID: item.typeId ?? known?.TYPE_ID ?? '',
        VALUE_TYPE: item.valueType ?? known?.VALUE_TYPE ?? 'WORK',
        VALUE: value,
      });
  }
  return Object.fromEntries(
    multiFields.map((name) => [name, [...all.values()].filter(({ TYPE_ID }) => TYPE_ID === name)]),
  );
}
