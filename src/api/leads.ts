import { Type } from 'typebox';
import type { ClientId } from '../domain/ids.ts';
import type { Write } from '../domain/writes.ts';
import type { ApiDeps, App } from './deps.ts';
import { pageOf, pageParameters } from './paging.ts';
import { allow, principalOf } from './principal.ts';
import { Problem, written } from './problem.ts';

const strict = { additionalProperties: false } as const;
const State = Type.Union(['open', 'taken', 'qualified', 'rejected'].map((state) => Type.Literal(state)));
const Query = Type.Object({ ...pageParameters, state: Type.Optional(State) }, strict);
const Params = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) });
const Qualify = Type.Object(
  {
    client: Type.Optional(
      Type.Union([Type.String({ minLength: 1, maxLength: 128 }), Type.Null()], {
        description: 'Whom the party proved to be; without one the lead is ours, and the CRM will tell who it is.',
      }),
    ),
  },
  strict,
);
const Reject = Type.Object({ reason: Type.Optional(Type.String({ minLength: 1, maxLength: 500 })) }, strict);
const tags = ['leads'];

type Act = Extract<Write, { op: 'lead' }>['act'];

/** The pool of unmatched contacts: listing, taking, and deciding whether they are ours. */
export function leadRoutes(app: App, deps: ApiDeps): void {
  const onRequest = allow(app, deps, 'operator', 'supervisor', 'admin', 'integration');
  const { read } = deps.store;

  app.get('/leads', { onRequest, schema: { tags, querystring: Query } }, async (request) => {
    const { state } = request.query as { state?: 'open' | 'taken' | 'qualified' | 'rejected' };
    return read.leads({ ...pageOf(request.query), ...(state !== undefined && { state }) });
  });

  app.get('/leads/:id', { onRequest, schema: { tags, params: Params } }, async (request) => {
    const lead = await read.lead(request.params.id);
    if (lead === null) throw new Problem('not-found', 'no such lead');
    return lead;
  });

  const act = async (id: string, kind: Act, by: ReturnType<typeof principalOf>['by']) => {
    written((await deps.intake.apply([{ op: 'lead', id, act: kind, by, at: deps.clock.now() }]))[0]);
    return read.lead(id);
  };

  app.post('/leads/:id/take', { onRequest, schema: { tags, params: Params } }, async (request) =>
    act(request.params.id, { kind: 'take' }, principalOf(request).by),
  );

  app.post(
    '/leads/:id/qualify',
    { onRequest, schema: { tags, params: Params, body: Type.Optional(Qualify) } },
    async (request) => {
      const client = (request.body?.client ?? null) as ClientId | null;
      return act(request.params.id, { kind: 'qualify', client }, principalOf(request).by);
    },
  );

  app.post(
    '/leads/:id/reject',
    { onRequest, schema: { tags, params: Params, body: Type.Optional(Reject) } },
    async (request) => {
      const reason = request.body?.reason ?? null;
      return act(request.params.id, { kind: 'reject', reason }, principalOf(request).by);
    },
  );
}
