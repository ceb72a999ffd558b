import { PortalError } from '../errors.ts';
import type { Call, Method } from '../method.ts';
import type { Connector } from '../state.ts';
import { type Fields, isFields, textOf } from '../values.ts';

const registerParameters = [
  'ID',
  'NAME',
  'ICON',
  'ICON_DISABLED',
  'PLACEMENT_HANDLER',
  'DEL_EXTERNAL_MESSAGES',
  'EDIT_INTERNAL_MESSAGES',
  'DEL_INTERNAL_MESSAGES',
  'NEWSLETTER',
  'NEED_SYSTEM_MESSAGES',
  'NEED_SIGNATURE',
  'CHAT_GROUP',
  'COMMENT',
];

/** `imconnector.register`, `activate` and the like: our messenger as a channel of the Open Lines. */
export const connectorMethods: readonly Method[] = [
  { name: 'imconnector.register', parameters: registerParameters, run: register },
  {
    name: 'imconnector.unregister',
    parameters: ['ID'],
    run: (call: Call) => {
      const connector = ownConnector(call, call.parameters.text('ID'));
      if (connector === null) return refused('APPLICATION_UNREGISTRATION_ERROR', 'Error unregistering the application');
      call.core.state.connectors.delete(connector.id);
      return { result: true };
    },
  },
  { name: 'imconnector.activate', parameters: ['CONNECTOR', 'LINE', 'ACTIVE'], run: activate },
  {
    name: 'imconnector.connector.data.set',
    parameters: ['CONNECTOR', 'LINE', 'DATA'],
    run: (call: Call) => {
      const { connector, line } = channelOf(call);
      const data = call.parameters.fields('DATA');
      if (data === null) throw missing('DATA');
      for (const name of Object.keys(data))
        if (!['ID', 'URL', 'URL_IM', 'NAME'].includes(name.toUpperCase()))
          call.parameters.complain(`unknown field DATA[${name}]`);
      connector.lines.set(line, { ...data, isActive: connector.lines.get(line)?.isActive ?? false });
      return true;
    },
  },
  {
    name: 'imconnector.status',
    parameters: ['CONNECTOR', 'LINE'],
    run: (call: Call) => {
      const id = call.parameters.text('CONNECTOR');
      if (id === null) throw missing('CONNECTOR');
      const line = call.parameters.integer('LINE') ?? 0;
      const data = ownConnector(call, id)?.lines.get(line);
      const isConfigured = data !== undefined && textOf(data.ID) !== null;
      const isActive = isConfigured && data.isActive === true;
      return { LINE: line, CONNECTOR: id, ERROR: false, CONFIGURED: isConfigured, STATUS: isActive };
    },
  },
  {
    name: 'imconnector.list',
    parameters: [],
    run: ({ core }: Call) => ({
      livechat: 'Live Chat',
      ...Object.fromEntries([...core.state.connectors.values()].map(({ id, name }) => [id, name])),
    }),
  },
].map((method) => ({ ...method, scopes: ['imconnector'], appOnly: true }));

/** `imopenlines.config.list.get`: the lines to which a connector can belong. */
export const lineMethod: Method = {
  name: 'imopenlines.config.list.get',
  scopes: ['imopenlines'],
  parameters: ['PARAMS', 'OPTIONS'],
  run: ({ core, parameters }) => {
    const params = parameters.fields('PARAMS') ?? {};
    for (const name of Object.keys(params))
      if (!['select', 'order', 'filter'].includes(name)) parameters.complain(`unknown parameter PARAMS[${name}]`);
    const wanted = isFields(params.filter) ? textOf(params.filter.ID) : null;
    return [...core.state.openLines]
      .filter(([id]) => wanted === null || wanted === String(id))
      .map(([id, name]) => ({ ID: String(id), ACTIVE: 'Y', LINE_NAME: name, CRM: 'Y' }));
  },
};

function refused(error: string, error_description: string): Fields {
  return { result: false, error, error_description };
}

function missing(name: string): PortalError {
  return new PortalError(400, 'ERROR_ARGUMENT', `Argument '${name}' is null or empty`);
}

function register({ core, parameters, authority }: Call): Fields {
  const id = parameters.text('ID')?.toLowerCase() ?? null;
  const name = parameters.text('NAME');
  const icon = parameters.fields('ICON');
  if (id === null) return refused('CONNECTOR_ID_REQUIRED', 'Connector ID is not specified');
  if (id.includes('.'))
    return refused('APPLICATION_REGISTRATION_ERROR_POINT', 'Using a dot in the connector identifier is not allowed');
  if (!/^[a-z0-9_]+$/.test(id)) return refused('GENERAL_CONNECTOR_REGISTRATION_ERROR', 'Wrong connector identifier');
  if (name === null) return refused('NAME_REQUIRED', 'Connector name is not specified');
  if (textOf(icon?.DATA_IMAGE) === null) return refused('ICON_REQUIRED', 'Connector icon is not specified');
  const handler = parameters.text('PLACEMENT_HANDLER');
  if (handler === null) return refused('NO_PLACEMENT_HANDLER', 'Failed to get embedding handler URL');
  const before = core.state.connectors.get(id);
  if (before !== undefined && before.app !== authority.app)
    return refused('APPLICATION_REGISTRATION_ERROR', 'Application registration error');
  const fields = {
    CHAT_GROUP: parameters.flag('CHAT_GROUP', false),
    NEED_SIGNATURE: parameters.flag('NEED_SIGNATURE', true),
    EDIT_INTERNAL_MESSAGES: parameters.flag('EDIT_INTERNAL_MESSAGES', true),
    DEL_INTERNAL_MESSAGES: parameters.flag('DEL_INTERNAL_MESSAGES', true),
  };
  core.state.connectors.set(id, {
    id,
    name,
    handler,
    fields,
    app: authority.app ?? '',
    lines: before?.lines ?? new Map(),
  });
  return { result: true };
}

/** One channel belongs to one line: activating it on another moves it. */
function activate(call: Call): true {
  const { connector, line } = channelOf(call);
  if (!call.parameters.has('ACTIVE')) throw missing('ACTIVE');
  const isActive = !['', '0', 0, false, null, 'N'].includes(call.parameters.raw('ACTIVE') as string);
  if (isActive) for (const [other, data] of connector.lines) connector.lines.set(other, { ...data, isActive: false });
  connector.lines.set(line, { ...connector.lines.get(line), isActive });
  return true;
}

function ownConnector({ core, authority }: Call, id: string | null): Connector | null {
  const connector = core.state.connectors.get(id?.toLowerCase() ?? '');
  return connector === undefined || connector.app !== authority.app ? null : connector;
}

/** The connector and line of a call. */
export function channelOf(call: Call): { readonly connector: Connector; readonly line: number } {
  const id = call.parameters.text('CONNECTOR');
  if (id === null) throw missing('CONNECTOR');
  const line = call.parameters.integer('LINE');
  if (line === null) throw missing('LINE');
  const connector = ownConnector(call, id);
  if (connector === null)
    throw new PortalError(
      400,
      'IMCONNECTOR_NO_CORRECT_PROVIDER',
      'Unable to find a suitable provider for the connector',
    );
  return { connector, line };
}

/** The items of `MESSAGES`. */
export function messagesOf({ parameters }: Call): readonly Fields[] {
  const messages = parameters.list('MESSAGES');
  if (messages === null || messages.length === 0) throw missing('MESSAGES');
  return messages.map((message) => {
    if (isFields(message)) return message;
    parameters.complain('MESSAGES should hold objects');
    return {};
  });
}
