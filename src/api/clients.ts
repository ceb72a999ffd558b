import { Type } from 'typebox';
import type { ClientId } from '../domain/base/ids.ts';
import type { Client } from '../domain/directory/client.ts';
import { normaliseEmail, parsePhone } from '../domain/directory/identifiers.ts';
import { mostFound } from '../domain/directory/search-words.ts';
import { parseClientBody } from '../matching/client-body.ts';
import { ClientBody } from '../matching/client-schema.ts';
import type { ApiDeps, App } from './deps.ts';
import { pageAsked, pageParameters } from './paging.ts';
import { allow, readerOf } from './principal.ts';
import { Problem, written } from './problem.ts';
import { answers, Nothing, named, pageOf, strictObject } from './schemas/common.ts';

const Params = Type.Object({ id: Type.String({ minLength: 1, maxLength: 128 }) });
const ListQuery = strictObject({
  ...pageParameters,
  phone: Type.Optional(Type.String({ minLength: 3, maxLength: 64 })),
  email: Type.Optional(Type.String({ minLength: 3, maxLength: 254 })),
  q: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 200,
      description: `Beginnings of words of the name, in any order; case and marks don't count (ё is е). Of a name that more have, ${mostFound} are found.`,
    }),
  ),
});
const One = named<Client>('Client');
const tags = ['clients'];

/** The client directory, as CRMs keep it up to date. */
export function clientRoutes(app: App, deps: ApiDeps): void {
  const readers = allow(app, deps, 'operator', 'supervisor', 'admin', 'integration');
  const writers = allow(app, deps, 'admin', 'integration');
  const { country } = deps.settings;

  const listing = { tags, querystring: ListQuery, response: answers({ 200: pageOf(One) }) };
  app.get('/clients', { onRequest: readers, schema: listing }, async (request) => {
    const { phone, email, q } = request.query;
    const page = pageAsked(request.query, 2);
    const number = phone === undefined ? undefined : parsePhone(phone, country).phone;
    const address = email === undefined ? undefined : normaliseEmail(email);
    // What is no number or address belongs to nobody.
    if (number === null || address === null) return { items: [], next: null };
    return readerOf(deps, request).clients({
      ...page,
      ...(number !== undefined && { phone: number }),
      ...(address !== undefined && { email: address }),
      ...(q !== undefined && { q }),
    });
  });

  const reading = { tags, params: Params, response: answers({ 200: One }) };
  app.get('/clients/:id', { onRequest: readers, schema: reading }, async (request) => {
    const client = await readerOf(deps, request).client(request.params.id as ClientId);
    if (client === null) throw new Problem('not-found', 'no such client');
    return client;
  });

  app.put(
    '/clients/:id',
    {
      onRequest: writers,
      schema: { tags, params: Params, body: ClientBody, response: answers({ 200: One, 201: One }) },
    },
    async (request, reply) => {
      const parsed = parseClientBody(request.params.id, request.body, country);
      if (!parsed.ok) throw new Problem('invalid', 'the client is not as expected', parsed.problems);
      const reader = readerOf(deps, request);
      const known = await reader.client(parsed.client.id);
      written((await deps.intake.apply([{ op: 'put-clients', clients: [parsed.client], at: deps.clock.now() }]))[0]);
      const kept = (await reader.client(parsed.client.id)) ?? parsed.client;
      return reply.code(known === null ? 201 : 200).send(kept);
    },
  );

  const removing = { tags, params: Params, response: answers({ 204: Nothing }) };
  app.delete('/clients/:id', { onRequest: writers, schema: removing }, async (request, reply) => {
    const id = request.params.id as ClientId;
    written((await deps.intake.apply([{ op: 'delete-client', id, at: deps.clock.now() }]))[0]);
    return reply.code(204).send();
  });
}
