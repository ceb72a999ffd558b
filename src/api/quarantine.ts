import { type Static, Type } from 'typebox';
import type { QuarantineHead } from '../domain/interaction/quarantine.ts';
import { headOf } from '../domain/interaction/quarantine.ts';
import type { ApiDeps, App } from './deps.ts';
import { pageAsked, pageParameters } from './paging.ts';
import { allow } from './principal.ts';
import { Problem, written } from './problem.ts';
import type { QuarantinedSchema } from './schemas/answers.ts';
import { answers, Nothing, named, pageOf, strictObject } from './schemas/common.ts';

const One = named<Static<typeof QuarantinedSchema>>('Quarantined');
const Params = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) });
const tags = ['quarantine'];

/** What came in and could not be taken by a fault of ours: looked through, tried again, or given up. */
export function quarantineRoutes(app: App, deps: ApiDeps): void {
  const onRequest = allow(app, deps, 'admin');

  const listing = { tags, querystring: strictObject(pageParameters), response: answers({ 200: pageOf(One) }) };
  app.get('/quarantine', { onRequest, schema: listing }, async (request) => {
    const { items, next } = await deps.store.read.quarantine(pageAsked(request.query, 1));
    return { items: items.map((item) => told(headOf(item))), next };
  });

  const reading = { tags, params: Params, response: answers({ 200: One }) };
  app.get('/quarantine/:id', { onRequest, schema: reading }, async (request) => {
    const entry = await deps.store.read.quarantined(request.params.id);
    if (entry === null) throw new Problem('not-found', 'there is no such entry in quarantine');
    return { ...told(headOf(entry)), event: entry.event };
  });

  const retrying = { tags, params: Params, response: answers({ 202: Type.Object({ id: Type.String() }) }) };
  app.post('/quarantine/:id/retry', { onRequest, schema: retrying }, async (request, reply) => {
    const { id } = request.params;
    written((await deps.intake.apply([{ op: 'quarantine-retry', id }]))[0]);
    deps.quarantine.retry();
    return reply.code(202).send({ id });
  });

  const removing = { tags, params: Params, response: answers({ 204: Nothing }) };
  app.delete('/quarantine/:id', { onRequest, schema: removing }, async (request, reply) => {
    written((await deps.intake.apply([{ op: 'quarantine-remove', id: request.params.id, tries: null }]))[0]);
    return reply.code(204).send();
  });
}

function told({ source, at, triedAt, ...rest }: QuarantineHead): Static<typeof QuarantinedSchema> {
  const bytes = source?.bytes ?? null;
  return { ...rest, bytes, at: new Date(at).toISOString(), triedAt: new Date(triedAt).toISOString() };
}
