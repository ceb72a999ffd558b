import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { ClientId } from '../domain/base/ids.ts';
import type { Lead } from '../domain/follow-up/follow-up.ts';
import type { Write } from '../domain/ports/writes.ts';
import type { ApiDeps, App } from './deps.ts';
import { pageAsked, pageParameters } from './paging.ts';
import { allow, checkClient, principalOf, readerOf } from './principal.ts';
import { Problem, written } from './problem.ts';
import { answers, named, pageOf, strictObject } from './schemas/common.ts';
import { LeadState } from './schemas/follow-ups.ts';

const Query = strictObject({ ...pageParameters, state: Type.Optional(LeadState) });
const Params = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) });
const Qualify = strictObject({
  client: Type.Optional(
    Type.Union([Type.String({ minLength: 1, maxLength: 128 }), Type.Null()], {
      description: 'Whom the party proved to be; without one the lead is ours, and the CRM will tell who it is.',
    }),
  ),
});
const Reject = strictObject({ reason: Type.Optional(Type.String({ minLength: 1, maxLength: 500 })) });
const One = named<Lead>('Lead');
const response = answers({ 200: One });
const tags = ['leads'];

type Act = Extract<Write, { op: 'lead' }>['act'];

/** The pool of unmatched contacts: listing, taking, and deciding whether they are ours. */
export function leadRoutes(app: App, deps: ApiDeps): void {
  const onRequest = allow(app, deps, 'operator', 'supervisor', 'admin', 'integration');

  app.get(
    '/leads',
    { onRequest, schema: { tags, querystring: Query, response: answers({ 200: pageOf(One) }) } },
    async (request) => {
      const { state } = request.query;
      return readerOf(deps, request).leads({ ...pageAsked(request.query, 2), ...(state !== undefined && { state }) });
    },
  );

  const lead = async (request: FastifyRequest, id: string): Promise<Lead> => {
    const found = await readerOf(deps, request).lead(id);
    if (found === null) throw new Problem('not-found', 'no such lead');
    return found;
  };

  app.get('/leads/:id', { onRequest, schema: { tags, params: Params, response } }, async (request) =>
    lead(request, request.params.id),
  );

  const act = async (request: FastifyRequest, { id }: Lead, kind: Act): Promise<Lead> => {
    const { by } = principalOf(request);
    written((await deps.intake.apply([{ op: 'lead', id, act: kind, by, at: deps.clock.now() }]))[0]);
    const after = await deps.store.read.under(null).lead(id);
    if (after === null) throw new Problem('not-found', 'no such lead');
    return after;
  };

  app.post('/leads/:id/take', { onRequest, schema: { tags, params: Params, response } }, async (request) =>
    act(request, await lead(request, request.params.id), { kind: 'take' }),
  );

  app.post(
    '/leads/:id/qualify',
    { onRequest, schema: { tags, params: Params, body: Type.Optional(Qualify), response } },
    async (request) => {
      const found = await lead(request, request.params.id);
      const client = (request.body?.client ?? null) as ClientId | null;
      if (client !== null) await checkClient(deps, request, client);
      return act(request, found, { kind: 'qualify', client });
    },
  );

  app.post(
    '/leads/:id/reject',
    { onRequest, schema: { tags, params: Params, body: Type.Optional(Reject), response } },
    async (request) => {
      const reason = request.body?.reason ?? null;
      return act(request, await lead(request, request.params.id), { kind: 'reject', reason });
    },
  );
}
