import { PortalError, systemErrors } from '../errors.ts';
import type { Call, Method } from '../method.ts';
import type { BoundEvent } from '../state.ts';

const cardEvents = ['LEAD', 'DEAL', 'CONTACT', 'COMPANY', 'ACTIVITY'].flatMap((kind) =>
  ['ADD', 'UPDATE', 'DELETE'].map((verb) => `ONCRM${kind}${verb}`),
);
const known = new Set([
  ...cardEvents,
  'ONEXTERNALCALLSTART',
  'ONEXTERNALCALLBACKSTART',
  'ONVOXIMPLANTCALLINIT',
  'ONVOXIMPLANTCALLSTART',
  'ONVOXIMPLANTCALLEND',
  'ONIMCONNECTORMESSAGEADD',
  'ONIMCONNECTORMESSAGEUPDATE',
  'ONIMCONNECTORMESSAGEDELETE',
  'ONIMCONNECTORDIALOGSTART',
  'ONIMCONNECTORDIALOGFINISH',
  'ONIMCONNECTORLINEDELETE',
  'ONIMCONNECTORSTATUSDELETE',
  'ONAPPINSTALL',
  'ONAPPUNINSTALL',
  'ONAPPUPDATE',
  'ONUSERADD',
  'ONOFFLINEEVENT',
]);

/** `event.bind`, `event.unbind`, `event.get`. */
export const eventMethods: readonly Method[] = [
  {
    name: 'event.bind',
    scopes: ['basic'],
    appOnly: true,
    parameters: ['event', 'handler', 'auth_type', 'event_type', 'options'],
    run: bind,
  },
  {
    name: 'event.unbind',
    scopes: ['basic'],
    appOnly: true,
    parameters: ['event', 'handler', 'auth_type', 'event_type'],
    run: unbind,
  },
  {
    name: 'event.get',
    scopes: ['basic'],
    appOnly: true,
    parameters: [],
    run: ({ core, authority }) =>
      core.state.bound
        .filter(({ app }) => app === authority.app)
        .filter(({ userId }) => authority.user.admin === true || userId === authority.user.id)
        .map(({ event, handler, userId, isOffline, connector }) =>
          isOffline
            ? { event, connector_id: connector, offline: 1 }
            : { event, handler, auth_type: String(userId ?? 0), offline: 0 },
        ),
  },
  {
    name: 'events',
    scopes: ['basic'],
    parameters: ['SCOPE', 'FULL'],
    run: () => [...known],
  },
];

function bind({ core, parameters, authority }: Call): true {
  const event = (parameters.text('event') ?? '').toUpperCase();
  if (!known.has(event)) throw new PortalError(400, 'ERROR_EVENT_NOT_FOUND', 'Event not found');
  const isOffline = isOfflineType(parameters.text('event_type'));
  const isAdmin = authority.user.admin === true;
  if (isOffline && !isAdmin)
    throw systemErrors.accessDenied('Access denied! Offline events binding requires administrator access rights');
  const asUser = parameters.integer('auth_type');
  if (asUser !== null && asUser !== authority.user.id && !isAdmin)
    throw systemErrors.accessDenied('Access denied! Event binding with AUTH_TYPE requires administrator access rights');
  const handler = isOffline ? '' : (parameters.text('handler') ?? '');
  if (!isOffline && !isUrl(handler)) throw new PortalError(400, 'ERROR_ARGUMENT', 'Wrong handler URL');
  const userId = asUser ?? (isAdmin ? null : authority.user.id);
  const connector = connectorOf({ core, parameters });
  const app = authority.app ?? '';
  const isBound = core.state.bound.some(
    (one) =>
      one.app === app &&
      one.event === event &&
      one.handler === handler &&
      one.userId === userId &&
      one.isOffline === isOffline &&
      one.connector === connector,
  );
  if (isBound)
    throw new PortalError(400, 'ERROR_EVENT_BINDING_EXISTS', 'Unable to set event handler: Handler already binded');
  core.state.bound.push({ id: core.nextId('handler'), event, handler, isOffline, userId, connector, app });
  return true;
}

function unbind({ core, parameters, authority }: Call): { readonly count: number } {
  const isOffline = isOfflineType(parameters.text('event_type'));
  if (isOffline && authority.user.admin !== true)
    throw systemErrors.accessDenied('Access denied! Offline events unbinding requires administrator access rights');
  const event = parameters.text('event')?.toUpperCase();
  const handler = parameters.text('handler');
  const connector = connectorOf({ core, parameters });
  const isMeant = (one: BoundEvent) =>
    one.app === authority.app &&
    one.isOffline === isOffline &&
    (event === undefined || one.event === event) &&
    (isOffline ? one.connector === connector : handler === null || one.handler === handler) &&
    (!parameters.has('auth_type') || (one.userId ?? 0) === (parameters.integer('auth_type') ?? 0));
  const kept = core.state.bound.filter((one) => !isMeant(one));
  const count = core.state.bound.length - kept.length;
  core.state.bound.splice(0, core.state.bound.length, ...kept);
  return { count };
}

/** The name of the queue that a call means, for which not every plan has names. */
export function connectorOf({ core, parameters }: Pick<Call, 'core' | 'parameters'>): string {
  const connector = parameters.text('auth_connector') ?? '';
  if (connector !== '' && core.options.plan === 'basic') throw systemErrors.licence('auth_connector');
  return connector;
}

function isOfflineType(given: string | null): boolean {
  return given?.toLowerCase() === 'offline';
}

function isUrl(text: string): boolean {
  return URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol);
}
