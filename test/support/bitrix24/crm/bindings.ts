import { PortalError } from '../errors.ts';
import type { Call, Method } from '../method.ts';
import type { Activity, CardLink } from '../state.ts';
import { cardOf, rebind } from './activities.ts';
import { typeOfKind } from './card-fields.ts';

const target = ['activityId', 'entityTypeId', 'entityId'];

/** `crm.activity.binding.*`: the cards that an activity stands on. */
export const bindingMethods: readonly Method[] = [
  {
    name: 'crm.activity.binding.list',
    parameters: ['activityId'],
    run: (call: Call) =>
      activityOf(call).bindings.map(({ kind, id }) => ({ entityTypeId: typeOfKind[kind], entityId: id })),
  },
  {
    name: 'crm.activity.binding.add',
    parameters: target,
    run: (call: Call) => {
      const activity = activityOf(call);
      const card = entityOf(call, 'entityTypeId', 'entityId');
      if (indexOf(activity.bindings, card) >= 0)
        throw new PortalError(400, 'ACTIVITY_IS_ALREADY_BOUND', 'Activity is already bound to this item');
      rebind(activity, [...activity.bindings, card]);
      return true;
    },
  },
  {
    name: 'crm.activity.binding.delete',
    parameters: target,
    run: (call: Call) => {
      const activity = activityOf(call);
      const { bindings } = activity;
      const at = indexOf(bindings, entityOf(call, 'entityTypeId', 'entityId'));
      if (at < 0) throw new PortalError(400, 'BINDING_NOT_FOUND', 'Activity is not bound to this item');
      if (bindings.length === 1)
        throw new PortalError(400, 'LAST_BINDING_CANNOT_BE_DELETED', 'The last binding can not be deleted');
      rebind(activity, bindings.toSpliced(at, 1));
      return true;
    },
  },
  {
    name: 'crm.activity.binding.move',
    parameters: ['activityId', 'sourceEntityTypeId', 'sourceEntityId', 'targetEntityTypeId', 'targetEntityId'],
    run: move,
  },
].map((method) => ({ ...method, scopes: ['crm'], exact: true }));

function move(call: Call): true {
  const activity = activityOf(call);
  const from = entityOf(call, 'sourceEntityTypeId', 'sourceEntityId');
  const to = entityOf(call, 'targetEntityTypeId', 'targetEntityId');
  if (from.kind !== to.kind)
    throw new PortalError(
      400,
      'SOURCE_AND_TARGET_ENTITY_TYPES_ARE_NOT_EQUAL_ERROR',
      'Source and target entity types are not equal',
    );
  if (from.id === to.id)
    throw new PortalError(400, 'SOURCE_AND_TARGET_ENTITY_ID_ARE_EQUAL_ERROR', 'Source and target entities are equal');
  const at = indexOf(activity.bindings, from);
  if (at < 0) throw new PortalError(400, 'BINDING_NOT_FOUND', 'Activity is not bound to this item');
  if (indexOf(activity.bindings, to) >= 0)
    throw new PortalError(400, 'ACTIVITY_IS_ALREADY_BOUND', 'Activity is already bound to this item');
  rebind(activity, [...activity.bindings.toSpliced(at, 1), to]);
  return true;
}

function activityOf({ core, parameters }: Call): Activity {
  const activity = core.state.activities.get(required(parameters.integer('activityId'), 'activityId'));
  if (activity === undefined) throw new PortalError(400, 'NOT_FOUND', 'Element not found');
  return activity;
}

function entityOf({ core, parameters }: Call, type: string, id: string): CardLink {
  const card = cardOf(core, required(parameters.integer(type), type), required(parameters.integer(id), id));
  if (card === null) throw new PortalError(400, 'OWNER_NOT_FOUND', 'Owner not found');
  return card;
}

function required(value: number | null, name: string): number {
  if (value === null) throw new PortalError(400, '100', `Could not find value for parameter {${name}}`);
  return value;
}

function indexOf(bindings: readonly CardLink[], { kind, id }: CardLink): number {
  return bindings.findIndex((one) => one.kind === kind && one.id === id);
}
