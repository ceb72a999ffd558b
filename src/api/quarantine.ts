import { type Static, Type } from 'typebox';
import type { QuarantineHead } from '../domain/interaction/quarantine.ts';
import { headOf } from '../domain/interaction/quarantine.ts';
import type { ApiDeps, App } from './deps.ts';
import { pageAsked, pageParameters } from './paging.ts';
import { allow } from './principal.ts';
import { Problem, written } from './problem.ts';
import type { QuarantinedSchema } from './schemas/answers.ts';
import { answers, Nothing, pageOf, schemaRef, strictObject } from './schemas/common.ts';
import { quarantined as example } from './schemas/examples/answers.ts';
import { idParams } from './schemas/params.ts';

const One = schemaRef<Static<typeof QuarantinedSchema>>('Quarantined');
const params = idParams('entry', example.id);
const tags = ['quarantine'];

/** The quarantine: contacts that could not be taken in because of a defect in Patchbay. They are listed, retried or discarded. */
export function quarantineRoutes(app: App, deps: ApiDeps): void {
  const onRequest = allow(app, deps, 'admin');

  const listing = {
    operationId: 'listQuarantine',
    summary: 'List the quarantine',
    tags,
    querystring: strictObject(pageParameters),
    response: answers({ 200: pageOf(One) }),
  };
  app.get('/quarantine', { onRequest, schema: listing }, async (request) => {
    const { items, next } = await deps.store.read.quarantine(pageAsked(request.query, 1));
    return { items: items.map((item) => viewOf(headOf(item))), next };
  });

  const reading = {
    operationId: 'getQuarantined',
    summary: 'Get an entry with its contents',
    tags,
    params,
    response: answers({ 200: One }),
  };
  app.get('/quarantine/:id', { onRequest, schema: reading }, async (request) => {
    const entry = await deps.store.read.quarantined(request.params.id);
    if (entry === null) throw new Problem('not-found', 'no such entry in quarantine');
    return { ...viewOf(headOf(entry)), event: entry.event };
  });

  const retrying = {
    operationId: 'retryQuarantined',
    summary: 'Take an entry in again',
    tags,
    params,
    response: answers({ 202: Type.Object({ id: Type.String() }, { examples: [{ id: example.id }] }) }),
  };
  app.post('/quarantine/:id/retry', { onRequest, schema: retrying }, async (request, reply) => {
    const { id } = request.params;
    written((await deps.intake.apply([{ op: 'quarantine-retry', id }]))[0]);
    deps.quarantine.retry();
    return reply.code(202).send({ id });
  });

  const removing = {
    operationId: 'discardQuarantined',
    summary: 'Discard an entry',
    tags,
    params,
    response: answers({ 204: Nothing }),
  };
  app.delete('/quarantine/:id', { onRequest, schema: removing }, async (request, reply) => {
    written((await deps.intake.apply([{ op: 'quarantine-remove', id: request.params.id, tries: null }]))[0]);
    return reply.code(204).send();
  });
}

function viewOf({ source, at, triedAt, ...rest }: QuarantineHead): Static<typeof QuarantinedSchema> {
  const bytes = source?.bytes ?? null;
  return { ...rest, bytes, at: new Date(at).toISOString(), triedAt: new Date(triedAt).toISOString() };
}
