import { Type } from 'typebox';
import type { ApiDeps, App } from './deps.ts';
import { pageOf, pageParameters } from './paging.ts';
import { allow } from './principal.ts';
import { Problem, written } from './problem.ts';

const strict = { additionalProperties: false } as const;
const OwedState = Type.Union([Type.Literal('due'), Type.Literal('parked'), Type.Literal('done')]);
const DeliveriesQuery = Type.Object(
  { ...pageParameters, state: Type.Optional(OwedState), destination: Type.Optional(Type.String({ maxLength: 64 })) },
  strict,
);
const Params = Type.Object({ id: Type.String({ minLength: 1, maxLength: 128 }) });

/** What supervisors and administrators look after: deliveries, connections, alarms, the quiet-line report. */
export function operationRoutes(app: App, deps: ApiDeps): void {
  const everybody = allow(app, deps, 'operator', 'supervisor', 'admin', 'integration');
  const lookers = allow(app, deps, 'supervisor', 'admin', 'integration');
  const menders = allow(app, deps, 'admin', 'integration');
  const iso = (at: number) => new Date(at).toISOString();

  app.get(
    '/deliveries',
    { onRequest: lookers, schema: { tags: ['deliveries'], querystring: DeliveriesQuery } },
    async (request) => {
      const { state, destination } = request.query;
      const page = await deps.store.read.owed({
        ...pageOf(request.query),
        ...(state !== undefined && { state }),
        ...(destination !== undefined && { destination }),
      });
      const items = page.items.map((owed) => ({ ...owed, nextAt: iso(owed.nextAt), updatedAt: iso(owed.updatedAt) }));
      return { items, next: page.next };
    },
  );

  app.post(
    '/deliveries/:id/retry',
    { onRequest: menders, schema: { tags: ['deliveries'], params: Params } },
    async (request, reply) => {
      written((await deps.intake.apply([{ op: 'retry-delivery', id: request.params.id, at: deps.clock.now() }]))[0]);
      return reply.code(202).send({ id: request.params.id, state: 'due' });
    },
  );

  app.get('/connections', { onRequest: everybody, schema: { tags: ['operations'] } }, async () => ({
    items: deps.connections().map((state) => ({ ...state, since: iso(state.since) })),
    next: null,
  }));

  app.get('/alarms', { onRequest: everybody, schema: { tags: ['operations'] } }, async () => ({
    items: deps.alarms(),
    next: null,
  }));

  app.get('/managers', { onRequest: everybody, schema: { tags: ['operations'] } }, async () => ({
    items: deps.staff().managers.map(({ id, name, department }) => ({ id, name, department })),
    next: null,
  }));

  app.get('/reports/quiet-lines', { onRequest: lookers, schema: { tags: ['reports'] } }, async () => ({
    items: await deps.quietLines().catch(() => {
      throw new Problem('unavailable', 'the report could not be made now');
    }),
    next: null,
  }));
}
