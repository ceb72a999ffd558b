import { PortalError, systemErrors } from './errors.ts';
import type { Call, Method } from './method.ts';

const places = [
  'CALL_CARD',
  'TELEPHONY_ANALYTICS_MENU',
  'LEFT_MENU',
  'PAGE_BACKGROUND_WORKER',
  'SETTING_CONNECTOR',
  'REST_APP_URI',
  ...['LEAD', 'DEAL', 'CONTACT', 'COMPANY'].flatMap((kind) =>
    ['DETAIL_TAB', 'DETAIL_ACTIVITY', 'DETAIL_TOOLBAR', 'LIST_MENU', 'LIST_TOOLBAR', 'ACTIVITY_TIMELINE_MENU'].map(
      (place) => `CRM_${kind}_${place}`,
    ),
  ),
];

/** `placement.*`: pages of an application inside the portal. */
export const placementMethods: readonly Method[] = [
  {
    name: 'placement.bind',
    parameters: ['PLACEMENT', 'HANDLER', 'TITLE', 'DESCRIPTION', 'GROUP_NAME', 'LANG_ALL', 'OPTIONS', 'USER_ID'],
    run: bind,
  },
  { name: 'placement.unbind', parameters: ['PLACEMENT', 'HANDLER', 'USER_ID'], run: unbind },
  {
    name: 'placement.get',
    parameters: [],
    run: ({ core, authority }: Call) =>
      core.state.placements
        .filter(({ app }) => app === authority.app)
        .map(({ place, handler, title, options }) => ({
          placement: place,
          userId: 0,
          handler,
          options,
          title,
          description: '',
          langAll: {},
        })),
  },
  { name: 'placement.list', parameters: ['SCOPE', 'FULL'], run: () => places },
].map((method) => ({ ...method, scopes: ['placement'], appOnly: true }));

function requiredText({ parameters }: Call, name: string): string {
  const text = parameters.text(name);
  if (text === null) throw new PortalError(400, 'ERROR_ARGUMENT', `Argument '${name}' is null or empty`);
  return text;
}

function bind(call: Call): true {
  const { core, parameters, authority } = call;
  if (authority.user.admin !== true) throw systemErrors.accessDenied();
  const place = requiredText(call, 'PLACEMENT').toUpperCase();
  const handler = requiredText(call, 'HANDLER');
  if (!places.includes(place)) throw new PortalError(400, 'ERROR_PLACEMENT_NOT_FOUND', 'Placement not found');
  if (parameters.has('USER_ID') && place !== 'PAGE_BACKGROUND_WORKER')
    throw new PortalError(400, 'ERROR_PLACEMENT_USER_MODE', 'User mode is not available');
  const app = authority.app ?? '';
  if (core.state.placements.some((one) => one.app === app && one.place === place && one.handler === handler))
    throw new PortalError(
      400,
      'ERROR_PLACEMENT_HANDLER_EXISTS',
      'Unable to set placement handler: Handler already binded',
    );
  const [title, options] = [parameters.text('TITLE') ?? '', parameters.fields('OPTIONS') ?? {}];
  core.state.placements.push({ place, handler, title, app, options });
  return true;
}

function unbind(call: Call): { readonly count: number } {
  const { core, parameters, authority } = call;
  if (authority.user.admin !== true) throw systemErrors.accessDenied();
  const place = requiredText(call, 'PLACEMENT').toUpperCase();
  const handler = parameters.text('HANDLER');
  const { placements } = core.state;
  const kept = placements.filter(
    (one) => one.app !== authority.app || one.place !== place || (handler !== null && one.handler !== handler),
  );
  const count = placements.length - kept.length;
  placements.splice(0, placements.length, ...kept);
  return { count };
}
