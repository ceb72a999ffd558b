import { readFilter, satisfies } from '../crm/filter.ts';
import { pageOf, readOrder, startOf } from '../crm/list.ts';
import { PortalError, systemErrors } from '../errors.ts';
import { type Call, type Method, Page } from '../method.ts';
import type { OfflineEvent } from '../state.ts';
import { type Fields, textOf } from '../values.ts';
import { connectorOf } from './event-methods.ts';

const keptMs = 30 * 24 * 3600_000;

const offline: readonly Omit<Method, 'scopes'>[] = [
  { name: 'event.offline.get', parameters: ['filter', 'order', 'limit', 'clear', 'process_id', 'error'], run: get },
  {
    name: 'event.offline.list',
    parameters: ['filter', 'order', 'start'],
    run: (call) => {
      const { core, parameters } = call;
      const rows = queueOf(call).map((one) => ({
        ...rowOf(core.date(one.at), one),
        PROCESS_ID: one.processId ?? '',
        ERROR: one.isFailed ? '1' : '0',
      }));
      const page = pageOf(filtered(call, rows), readOrder(parameters.fields('order')), startOf(parameters));
      return new Page(page.rows, page.total, page.next);
    },
  },
  {
    name: 'event.offline.clear',
    parameters: ['process_id', 'id', 'message_id'],
    run: (call) => {
      const done = new Set(named(call));
      const { offline } = call.core.state;
      offline.splice(0, offline.length, ...offline.filter((one) => !done.has(one)));
      return true;
    },
  },
  {
    name: 'event.offline.error',
    parameters: ['process_id', 'message_id'],
    run: (call) => {
      for (const one of named(call)) one.isFailed = true;
      return true;
    },
  },
];

/** `event.offline.*`: for administrators, in an application. */
export const offlineMethods: readonly Method[] = offline.map((method) => ({
  ...method,
  scopes: ['basic'],
  appOnly: true,
  run: (call) => {
    if (call.authority.user.admin !== true) throw systemErrors.accessDenied();
    return method.run(call);
  },
}));

/** The caller's part of the queue. Reserved records end after 30 days. */
function queueOf({ core, parameters, authority }: Call): readonly OfflineEvent[] {
  const connector = connectorOf({ core, parameters });
  const oldest = core.clock.now() - keptMs;
  return core.state.offline.filter(
    (one) => one.app === authority.app && one.connector === connector && (one.processId === null || one.at > oldest),
  );
}

function get(call: Call): Fields {
  const { core, parameters } = call;
  const isCleared = parameters.flag('clear', true);
  if (!isCleared && core.options.plan === 'basic') throw systemErrors.licence('extended offline events handling');
  const again = parameters.text('process_id');
  const withFailed = parameters.flag('error', false);
  const limit = parameters.integer('limit') ?? 50;
  const meant = queueOf(call).filter((one) =>
    again === null ? one.processId === null && !one.isFailed : one.processId === again && (withFailed || !one.isFailed),
  );
  const byId = new Map(meant.map((one) => [String(one.id), one]));
  const rows = filtered(
    call,
    meant.map((one) => rowOf(core.date(one.at), one)),
  );
  const order = readOrder(parameters.fields('order'));
  const sorted = pageOf(rows, order.length === 0 ? [['TIMESTAMP_X', false]] : order, 0).rows.slice(0, limit);
  const taken = sorted.flatMap((row) => byId.get(row.ID) ?? []);
  if (isCleared) {
    const gone = new Set(taken);
    core.state.offline.splice(0, core.state.offline.length, ...core.state.offline.filter((one) => !gone.has(one)));
    return { process_id: null, events: sorted };
  }
  const processId = again ?? core.token('process');
  for (const one of taken) one.processId = processId;
  return { process_id: processId, events: sorted };
}

function rowOf(at: string, one: OfflineEvent) {
  return {
    ID: String(one.id),
    TIMESTAMP_X: at,
    EVENT_NAME: one.event,
    EVENT_DATA: Object.keys(one.data).length === 0 ? false : one.data,
    EVENT_ADDITIONAL: false,
    MESSAGE_ID: one.messageId,
  } as const;
}

function filtered<Row extends Fields>({ parameters }: Call, rows: readonly Row[]): readonly Row[] {
  const conditions = readFilter(parameters.fields('filter') ?? {});
  for (const { field } of conditions)
    if (!['ID', 'TIMESTAMP_X', 'EVENT_NAME', 'MESSAGE_ID'].includes(field))
      parameters.complain(`unknown field ${field} in filter`);
  return rows.filter((row) => conditions.every((one) => satisfies(row[one.field], one)));
}

/** The records of a process that the call names; all of them if it names none. */
function named(call: Call): readonly OfflineEvent[] {
  const { core, parameters, authority } = call;
  const process = parameters.text('process_id');
  if (process === null) throw new PortalError(400, 'ERROR_ARGUMENT', "Argument 'process_id' is null or empty");
  const all = core.state.offline.filter(({ app, processId }) => app === authority.app && processId === process);
  const messages = parameters.list('message_id')?.map(textOf);
  const ids = parameters.list('id')?.map(textOf);
  if (messages === undefined && ids === undefined) return all;
  return all.filter((one) => messages?.includes(one.messageId) === true || ids?.includes(String(one.id)) === true);
}
