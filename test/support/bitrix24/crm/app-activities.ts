import { PortalError } from '../errors.ts';
import type { Call, Method } from '../method.ts';
import type { Activity } from '../state.ts';
import { type Fields, isFields, textOf, type Value } from '../values.ts';
import { cardOf } from './activities.ts';

const known = new Set(
  'typeId completed deadline pingOffsets isIncomingChannel responsibleId badgeCode originatorId originId'.split(' '),
);

/** `crm.activity.configurable.*`: an application draws the activity itself. Only it may change it. */
export const appActivityMethods: readonly Method[] = [
  { name: 'crm.activity.configurable.add', parameters: ['ownerTypeId', 'ownerId', 'fields', 'layout'], run: add },
  { name: 'crm.activity.configurable.update', parameters: ['id', 'fields', 'layout'], run: update },
  {
    name: 'crm.activity.configurable.get',
    parameters: ['id'],
    run: (call: Call) => {
      const { id, fields } = found(call);
      return {
        activity: {
          id,
          ownerTypeId: Number(fields.OWNER_TYPE_ID),
          ownerId: Number(fields.OWNER_ID),
          fields: fields.APP_FIELDS,
          layout: fields.APP_LAYOUT,
        },
      };
    },
  },
].map((method) => ({
  ...method,
  scopes: ['crm'],
  exact: true,
  run: (call: Call) => {
    if (call.authority.app === null)
      throw new PortalError(
        400,
        'ERROR_WRONG_CONTEXT',
        'Method call is only possible in the context of an application',
      );
    return method.run(call);
  },
}));

function add(call: Call): Fields {
  const { core, parameters, authority } = call;
  const type = parameters.integer('ownerTypeId');
  const ownerId = parameters.integer('ownerId');
  const fields = fieldsOf(call);
  const layout = layoutOf(parameters.raw('layout'));
  if (type === null || ownerId === null || fields === null || layout === null)
    throw new PortalError(400, '100', 'Could not find value for parameter');
  const owner = cardOf(core, type, ownerId);
  if (owner === null) throw new PortalError(400, 'NOT_FOUND', 'Not found.');
  const id = core.nextId('activity');
  core.state.activities.set(id, {
    id,
    fields: {
      OWNER_TYPE_ID: String(type),
      OWNER_ID: String(ownerId),
      TYPE_ID: '6',
      PROVIDER_ID: 'CONFIGURABLE_REST_APP',
      PROVIDER_TYPE_ID: textOf(fields.typeId) ?? 'CONFIGURABLE',
      SUBJECT: textOf(isFields(layout.header) ? layout.header.title : null) ?? '',
      COMPLETED: isTrue(fields.completed) ? 'Y' : 'N',
      RESPONSIBLE_ID: textOf(fields.responsibleId) ?? String(authority.user.id),
      ORIGINATOR_ID: textOf(fields.originatorId),
      ORIGIN_ID: textOf(fields.originId),
      APP: authority.app,
      APP_FIELDS: fields,
      APP_LAYOUT: layout,
      START_TIME: core.now(),
      CREATED: core.now(),
      LAST_UPDATED: core.now(),
    },
    bindings: [owner],
  });
  core.raise('ONCRMACTIVITYADD', { FIELDS: { ID: String(id) } }, authority.user.id);
  return { activity: { id } };
}

function update(call: Call): Fields {
  const activity = found(call);
  const { core, parameters, authority } = call;
  if (activity.fields.APP !== authority.app)
    throw new PortalError(
      400,
      'ERROR_WRONG_APPLICATION',
      'The activity can only be updated by the application that created it',
    );
  const before = activity.fields.APP_FIELDS as Fields;
  const fields = { ...before, ...fieldsOf(call) };
  const layout = parameters.has('layout') ? layoutOf(parameters.raw('layout')) : (activity.fields.APP_LAYOUT as Fields);
  activity.fields = {
    ...activity.fields,
    APP_FIELDS: fields,
    APP_LAYOUT: layout,
    COMPLETED: isTrue(fields.completed) ? 'Y' : 'N',
    RESPONSIBLE_ID: textOf(fields.responsibleId) ?? activity.fields.RESPONSIBLE_ID,
    LAST_UPDATED: core.now(),
  };
  core.raise('ONCRMACTIVITYUPDATE', { FIELDS: { ID: String(activity.id) } }, authority.user.id);
  return { activity: { id: activity.id } };
}

function found({ core, parameters }: Call): Activity {
  const activity = core.state.activities.get(parameters.integer('id') ?? 0);
  if (activity === undefined || activity.fields.PROVIDER_ID !== 'CONFIGURABLE_REST_APP')
    throw new PortalError(400, 'NOT_FOUND', 'Element not found');
  return activity;
}

function fieldsOf({ parameters }: Call): Fields | null {
  const fields = parameters.fields('fields');
  for (const name of Object.keys(fields ?? {})) {
    if (!known.has(name)) parameters.complain(`unknown field fields[${name}]`);
  }
  if (fields !== null && isTrue(fields.isIncomingChannel) && fields.deadline != null)
    throw new PortalError(
      400,
      'INCOMING_ACTIVITY_CAN_NOT_BE_WITH_DEADLINE',
      'Incoming activity cannot have a deadline',
    );
  return fields;
}

function layoutOf(value: Value | undefined): Fields | null {
  if (value === undefined) return null;
  if (!isFields(value) || Object.keys(value).length === 0)
    throw new PortalError(400, 'ERROR_EMPTY_LAYOUT', 'The layout field must be filled');
  for (const name of Object.keys(value)) {
    if (!['icon', 'header', 'body', 'footer'].includes(name))
      throw new PortalError(400, 'FIELD_IS_REDUNDANT', `Field "${name}" is redundant`);
  }
  for (const name of ['icon', 'header', 'body']) {
    if (!isFields(value[name])) throw new PortalError(400, 'FIELD_IS_REQUIRED', `Field "${name}" is required`);
  }
  return value;
}

function isTrue(value: Value | undefined): boolean {
  return [true, 1, '1', 'Y', 'true'].includes(value as string);
}
