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
import { answers, jsonOr, pageOf, ref, schemaRef, strictObject, words } from './schemas/common.ts';
import * as example from './schemas/examples/answers.ts';
import { idParams } from './schemas/params.ts';

const OwedState = words('due', 'parked', 'done', 'skipped');
const DeliveriesQuery = strictObject({
  ...pageParameters,
  state: Type.Optional(OwedState),
  destination: Type.Optional(Type.String({ maxLength: 64 })),
});
const params = idParams('delivery', example.delivery.id, 128);

type ConnectionView = Omit<ConnectionState, 'since'> & { readonly since: string; readonly waiting: number };
type DeliveryView = ReturnType<typeof deliveryJson>;

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
const quietLineCsv = csvOf(quietLineColumns, [example.quietLine]);

/** Operations: deliveries, connections, alarms and the report of quiet lines. */
export function operationRoutes(app: App, deps: ApiDeps, reading: Pick<ReadRate, 'reported'>): void {
  const everybody = allow(app, deps, 'operator', 'supervisor', 'admin', 'integration');
  const lookers = allow(app, deps, 'supervisor', 'admin', 'integration');
  const menders = allow(app, deps, 'admin', 'integration');

  const listingDeliveries = {
    operationId: 'listDeliveries',
    summary: 'List what CRMs are owed',
    tags: ['deliveries'],
    querystring: DeliveriesQuery,
    response: answers({ 200: pageOf(schemaRef<DeliveryView>('Delivery')) }),
  };
  app.get('/deliveries', { onRequest: lookers, schema: listingDeliveries }, async (request) => {
    if (principalOf(request).view !== null)
      throw new Problem('forbidden', 'only accounts that see the whole company may list deliveries');
    const { state, destination } = request.query;
    const page = await deps.store.read.owed({
      ...pageAsked(request.query, 1),
      ...(state !== undefined && { state }),
      ...(destination !== undefined && { destination }),
    });
    return { items: page.items.map(deliveryJson), next: page.next };
  });

  const retrying = {
    operationId: 'retryDelivery',
    summary: 'Retry a delivery now',
    tags: ['deliveries'],
    params,
    response: answers({
      202: Type.Object(
        { id: Type.String(), state: words('due') },
        { examples: [{ id: example.delivery.id, state: 'due' }] },
      ),
    }),
  };
  app.post('/deliveries/:id/retry', { onRequest: menders, schema: retrying }, async (request, reply) => {
    written((await deps.intake.apply([{ op: 'retry-delivery', id: request.params.id, at: deps.clock.now() }]))[0]);
    return reply.code(202).send({ id: request.params.id, state: 'due' });
  });

  const tags = ['operations'];
  const listingConnections = {
    operationId: 'listConnections',
    summary: 'List connections with their state',
    tags,
    response: answers({ 200: pageOf(schemaRef<ConnectionView>('Connection')) }),
  };
  app.get('/connections', { onRequest: everybody, schema: listingConnections }, async () => {
    const waiting = new Map((await deps.store.read.outboundWaiting()).map((one) => [one.connection, one.count]));
    const items = deps.connections().map((state) => ({
      ...state,
      since: new Date(state.since).toISOString(),
      waiting: waiting.get(state.connection) ?? 0,
    }));
    return { items, next: null };
  });

  const listingAlarms = {
    operationId: 'listAlarms',
    summary: 'List alarms',
    tags,
    response: answers({ 200: pageOf(schemaRef<DeskAlarm>('Alarm')) }),
  };
  app.get('/alarms', { onRequest: everybody, schema: listingAlarms }, async (request) => {
    const { role } = principalOf(request);
    const ofColleagues = role === 'supervisor' || role === 'admin' ? massReadingAlarms(reading) : [];
    return { items: [...deps.alarms(), ...ofColleagues], next: null };
  });

  const listingManagers = {
    operationId: 'listManagers',
    summary: 'List managers',
    tags,
    response: answers({ 200: pageOf(ref(ManagerSchema)) }),
  };
  app.get('/managers', { onRequest: everybody, schema: listingManagers }, async () => ({
    items: deps.staff().managers.map(({ id, name, department }) => ({ id, name, department })),
    next: null,
  }));

  const quietLines = {
    operationId: 'reportQuietLines',
    summary: 'Report quiet lines',
    description: 'Lines and connections compared with their own past.',
    tags: ['reports'],
    querystring: strictObject({ format: Type.Optional(words('json', 'csv')) }),
    response: answers({
      200: jsonOr(pageOf(schemaRef<QuietLineRow>('QuietLine')), 'The report.', 'text/csv', quietLineCsv),
    }),
  };
  app.get('/reports/quiet-lines', { onRequest: lookers, schema: quietLines }, async (request, reply) => {
    const items = await deps.quietLines().catch(() => {
      throw new Problem('unavailable', 'the report is not available now');
    });
    if (request.query.format !== 'csv') return { items, next: null };
    const text = csvOf(quietLineColumns, items);
    return reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', 'attachment; filename="quiet-lines.csv"')
      .send(text as never);
  });
}
