import { Type } from 'typebox';
import type { ClientId } from '../domain/base/ids.ts';
import type { Client } from '../domain/directory/client.ts';
import { normaliseEmail } from '../domain/directory/email-address.ts';
import { parsePhone } from '../domain/directory/identifiers.ts';
import { maxClientsFound } from '../domain/directory/search-words.ts';
import { parseClientBody } from '../matching/client-body.ts';
import type { ApiDeps, App } from './deps.ts';
import { pageAsked, pageParameters } from './paging.ts';
import { allow, readerOf } from './principal.ts';
import { Problem, written } from './problem.ts';
import { answers, Nothing, pageOf, ref, schemaRef, strictObject } from './schemas/common.ts';
import { ClientParams as Params } from './schemas/params.ts';
import { ClientInput } from './schemas/requests.ts';

const ListQuery = strictObject({
  ...pageParameters,
  phone: Type.Optional(Type.String({ minLength: 3, maxLength: 64 })),
  email: Type.Optional(Type.String({ minLength: 3, maxLength: 254 })),
  q: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 200,
      description: `Beginnings of words of the name, in any order. Case and diacritics are ignored. At most ${maxClientsFound} clients are found.`,
    }),
  ),
});
const One = schemaRef<Client>('Client');
const tags = ['clients'];

/** The client directory, which CRMs keep up to date. */
export function clientRoutes(app: App, deps: ApiDeps): void {
  const readers = allow(app, deps, 'operator', 'supervisor', 'admin', 'integration');
  const writers = allow(app, deps, 'admin', 'integration');
  const { country } = deps.settings;

  const listing = {
    operationId: 'listClients',
    summary: 'List or find clients',
    tags,
    querystring: ListQuery,
    response: answers({ 200: pageOf(One) }),
  };
  app.get('/clients', { onRequest: readers, schema: listing }, async (request) => {
    const { phone, email, q } = request.query;
    const page = pageAsked(request.query, 2);
    const number = phone === undefined ? undefined : parsePhone(phone, country).phone;
    const address = email === undefined ? undefined : normaliseEmail(email);
    // An invalid number or address belongs to nobody.
    if (number === null || address === null) return { items: [], next: null };
    return readerOf(deps, request).clients({
      ...page,
      ...(number !== undefined && { phone: number }),
      ...(address !== undefined && { email: address }),
      ...(q !== undefined && { q }),
    });
  });

  const reading = {
    operationId: 'getClient',
    summary: 'Get a client',
    tags,
    params: Params,
    response: answers({ 200: One }),
  };
  app.get('/clients/:id', { onRequest: readers, schema: reading }, async (request) => {
    const client = await readerOf(deps, request).client(request.params.id as ClientId);
    if (client === null) throw new Problem('not-found', 'no such client');
    return client;
  });

  const putting = {
    operationId: 'putClient',
    summary: 'Create or replace a client',
    description: '201 when the client is new, 200 when it was replaced.',
    tags,
    params: Params,
    body: ref(ClientInput),
    response: answers({ 200: One, 201: One }),
  };
  app.put('/clients/:id', { onRequest: writers, schema: putting }, async (request, reply) => {
    const parsed = parseClientBody(request.params.id, request.body, country);
    if (!parsed.ok) throw new Problem('invalid', 'the client is not as expected', parsed.problems);
    const reader = readerOf(deps, request);
    const known = await reader.client(parsed.client.id);
    written((await deps.intake.apply([{ op: 'put-clients', clients: [parsed.client], at: deps.clock.now() }]))[0]);
    const kept = (await reader.client(parsed.client.id)) ?? parsed.client;
    return reply.code(known === null ? 201 : 200).send(kept);
  });

  const removing = {
    operationId: 'deleteClient',
    summary: 'Delete a client',
    tags,
    params: Params,
    response: answers({ 204: Nothing }),
  };
  app.delete('/clients/:id', { onRequest: writers, schema: removing }, async (request, reply) => {
    const id = request.params.id as ClientId;
    written((await deps.intake.apply([{ op: 'delete-client', id, at: deps.clock.now() }]))[0]);
    return reply.code(204).send();
  });
}
