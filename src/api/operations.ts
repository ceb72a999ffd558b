import { Type } from 'typebox';
import type { QuietLineRow } from '../alarms/quiet-lines.ts';
import { deliveryJson } from '../delivery/delivery-json.ts';
import type { DeskAlarm } from '../desk/protocol.ts';
import type { ConnectionState } from '../domain/ports/connection-state.ts';
import { massReadingAlarms, type ReadRate } from './audit/read-rate.ts';
import { csvOf } from './csv.ts';
import type { ApiDeps, App } from './deps.ts';
import { pageAsked, pageParameters } from './paging.ts';
import { allow, principalOf } from './principal.ts';
import { Problem, written } from './problem.ts';
import { ManagerSchema } from './schemas/answers.ts';
import { answers, named, pageOf, strictObject, words } from './schemas/common.ts';

const OwedState = words('due', 'parked', 'done');
const DeliveriesQuery = strictObject({
  ...pageParameters,
  state: Type.Optional(OwedState),
  destination: Type.Optional(Type.String({ maxLength: 64 })),
});
const Params = Type.Object({ id: Type.String({ minLength: 1, maxLength: 128 }) });

type ConnectionTold = Omit<ConnectionState, 'since'> & { readonly since: string; readonly waiting: number };
type DeliveryTold = ReturnType<typeof deliveryJson>;

/** What supervisors and administrators look after: deliveries, connections, alarms, the quiet-line report. */
export function operationRoutes(app: App, deps: ApiDeps, reading: Pick<ReadRate, 'reported'>): void {
  const everybody = allow(app, deps, 'operator', 'supervisor', 'admin', 'integration');
  const lookers = allow(app, deps, 'supervisor', 'admin', 'integration');
  const menders = allow(app, deps, 'admin', 'integration');

  app.get(
    '/deliveries',
    {
      onRequest: lookers,
      schema: {
        tags: ['deliveries'],
        querystring: DeliveriesQuery,
        response: answers({ 200: pageOf(named<DeliveryTold>('Delivery')) }),
      },
    },
    async (request) => {
      if (principalOf(request).view !== null)
        throw new Problem('forbidden', 'what CRMs are owed is told to accounts that see the whole company');
      const { state, destination } = request.query;
      const page = await deps.store.read.owed({
        ...pageAsked(request.query, 1),
        ...(state !== undefined && { state }),
        ...(destination !== undefined && { destination }),
      });
      return { items: page.items.map(deliveryJson), next: page.next };
    },
  );

  app.post(
    '/deliveries/:id/retry',
    {
      onRequest: menders,
      schema: {
        tags: ['deliveries'],
        params: Params,
        response: answers({ 202: Type.Object({ id: Type.String(), state: words('due') }) }),
      },
    },
    async (request, reply) => {
      written((await deps.intake.apply([{ op: 'retry-delivery', id: request.params.id, at: deps.clock.now() }]))[0]);
      return reply.code(202).send({ id: request.params.id, state: 'due' });
    },
  );

  const operations = ['operations'];
  const connectionList = answers({ 200: pageOf(named<ConnectionTold>('Connection')) });
  app.get(
    '/connections',
    { onRequest: everybody, schema: { tags: operations, response: connectionList } },
    async () => {
      const waiting = new Map((await deps.store.read.outboundWaiting()).map((one) => [one.connection, one.count]));
      const items = deps.connections().map((state) => ({
        ...state,
        since: new Date(state.since).toISOString(),
        waiting: waiting.get(state.connection) ?? 0,
      }));
      return { items, next: null };
    },
  );

  const alarmList = answers({ 200: pageOf(named<DeskAlarm>('Alarm')) });
  app.get('/alarms', { onRequest: everybody, schema: { tags: operations, response: alarmList } }, async (request) => {
    const { role } = principalOf(request);
    const ofColleagues = role === 'supervisor' || role === 'admin' ? massReadingAlarms(reading) : [];
    return { items: [...deps.alarms(), ...ofColleagues], next: null };
  });

  const managerList = answers({ 200: pageOf(ManagerSchema) });
  app.get('/managers', { onRequest: everybody, schema: { tags: operations, response: managerList } }, async () => ({
    items: deps.staff().managers.map(({ id, name, department }) => ({ id, name, department })),
    next: null,
  }));

  const quietLines = {
    tags: ['reports'],
    querystring: strictObject({ format: Type.Optional(words('json', 'csv')) }),
    response: answers({ 200: pageOf(named<QuietLineRow>('QuietLine')) }),
  };
  app.get('/reports/quiet-lines', { onRequest: lookers, schema: quietLines }, async (request, reply) => {
    const items = await deps.quietLines().catch(() => {
      throw new Problem('unavailable', 'the report could not be made now');
    });
    if (request.query.format !== 'csv') return { items, next: null };
    const text = csvOf(quietLineColumns, items);
    return reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', 'attachment; filename="quiet-lines.csv"')
      .send(text as never);
  });
}

const quietLineColumns = [
  'line',
  'connection',
  'quiet',
  'window',
  'since',
  'expected',
  'seen',
  'probability',
  'weeks',
] as const satisfies readonly (keyof QuietLineRow)[];
