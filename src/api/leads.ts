import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { ClientId } from '../domain/base/ids.ts';
import type { Lead } from '../domain/follow-up/follow-up.ts';
import type { Write } from '../domain/ports/writes.ts';
import type { ApiDeps, App } from './deps.ts';
import { pageAsked, pageParameters } from './paging.ts';
import { allow, checkClient, principalOf, readerOf } from './principal.ts';
import { Problem, written } from './problem.ts';
import { answers, pageOf, ref, schemaRef, strictObject } from './schemas/common.ts';
import { ids } from './schemas/examples/people.ts';
import { LeadState } from './schemas/follow-ups.ts';
import { idParams } from './schemas/params.ts';
import { LeadQualification, LeadRejection } from './schemas/requests.ts';

const Query = strictObject({ ...pageParameters, state: Type.Optional(LeadState) });
const params = idParams('lead', ids.lead);
const One = schemaRef<Lead>('Lead');
const response = answers({ 200: One });
const tags = ['leads'];

type Act = Extract<Write, { op: 'lead' }>['act'];

/** The pool of unmatched contacts: listing and taking leads, and deciding whether they are ours. */
export function leadRoutes(app: App, deps: ApiDeps): void {
  const onRequest = allow(app, deps, 'operator', 'supervisor', 'admin', 'integration');

  const listing = {
    operationId: 'listLeads',
    summary: 'List leads',
    tags,
    querystring: Query,
    response: answers({ 200: pageOf(One) }),
  };
  app.get('/leads', { onRequest, schema: listing }, async (request) => {
    const { state } = request.query;
    return readerOf(deps, request).leads({ ...pageAsked(request.query, 2), ...(state !== undefined && { state }) });
  });

  const lead = async (request: FastifyRequest, id: string): Promise<Lead> => {
    const found = await readerOf(deps, request).lead(id);
    if (found === null) throw new Problem('not-found', 'no such lead');
    return found;
  };

  const reading = { operationId: 'getLead', summary: 'Get a lead', tags, params, response };
  app.get('/leads/:id', { onRequest, schema: reading }, async (request) => lead(request, request.params.id));

  const act = async (request: FastifyRequest, { id }: Lead, kind: Act): Promise<Lead> => {
    const { by } = principalOf(request);
    written((await deps.intake.apply([{ op: 'lead', id, act: kind, by, at: deps.clock.now() }]))[0]);
    const after = await deps.store.read.under(null).lead(id);
    if (after === null) throw new Problem('not-found', 'no such lead');
    return after;
  };

  const taking = { operationId: 'takeLead', summary: 'Take a lead from the pool', tags, params, response };
  app.post('/leads/:id/take', { onRequest, schema: taking }, async (request) =>
    act(request, await lead(request, request.params.id), { kind: 'take' }),
  );

  const qualifying = {
    operationId: 'qualifyLead',
    summary: 'Qualify a lead as ours',
    tags,
    params,
    body: Type.Optional(ref(LeadQualification)),
    response,
  };
  app.post('/leads/:id/qualify', { onRequest, schema: qualifying }, async (request) => {
    const found = await lead(request, request.params.id);
    const client = (request.body?.client ?? null) as ClientId | null;
    if (client !== null) await checkClient(deps, request, client);
    return act(request, found, { kind: 'qualify', client });
  });

  const rejecting = {
    operationId: 'rejectLead',
    summary: 'Reject a lead as not ours',
    tags,
    params,
    body: Type.Optional(ref(LeadRejection)),
    response,
  };
  app.post('/leads/:id/reject', { onRequest, schema: rejecting }, async (request) => {
    const reason = request.body?.reason ?? null;
    return act(request, await lead(request, request.params.id), { kind: 'reject', reason });
  });
}
