import { Type } from 'typebox';
import { normaliseEmail } from '../domain/directory/email-address.ts';
import type { UndeliverableAddress } from '../domain/written/undeliverable.ts';
import type { ApiDeps, App } from './deps.ts';
import { pageAsked, pageParameters } from './paging.ts';
import { allow, principalOf } from './principal.ts';
import { Problem, written } from './problem.ts';
import { answers, Nothing, pageOf, schemaRef, strictObject } from './schemas/common.ts';
import { undeliverable as example } from './schemas/examples/answers.ts';

const Address = Type.String({
  minLength: 3,
  maxLength: 254,
  description: 'An e-mail address.',
  examples: [example.email],
});
const ListQuery = strictObject({ ...pageParameters, email: Type.Optional(Address) });
const tags = ['undeliverable'];

/** Addresses that letters bounce from. A human may clear the mark of an address. */
export function undeliverableRoutes(app: App, deps: ApiDeps): void {
  const onRequest = allow(app, deps, 'operator', 'supervisor', 'admin', 'integration');

  const listing = {
    operationId: 'listUndeliverable',
    summary: 'List addresses that letters bounce from',
    tags,
    querystring: ListQuery,
    response: answers({ 200: pageOf(schemaRef<UndeliverableAddress>('Undeliverable')) }),
  };
  app.get('/undeliverable', { onRequest, schema: listing }, async (request) => {
    const page = pageAsked(request.query, 1);
    const { email } = request.query;
    // The whole list is for accounts that see the company. Everybody may ask about an address they write to.
    if (email === undefined && principalOf(request).view !== null)
      throw new Problem('forbidden', 'your account does not see the whole company; ask for one address with ?email=');
    if (email === undefined) return deps.store.read.undeliverable(page);
    const address = normaliseEmail(email);
    // Nothing bounces from an invalid address.
    return address === null ? { items: [], next: null } : deps.store.read.undeliverable({ ...page, email: address });
  });

  const clearing = {
    operationId: 'clearUndeliverable',
    summary: 'Clear the mark of an address',
    tags,
    params: Type.Object({ email: Address }),
    response: answers({ 204: Nothing }),
  };
  app.delete('/undeliverable/:email', { onRequest, schema: clearing }, async (request, reply) => {
    const email = normaliseEmail(request.params.email);
    if (email === null) throw new Problem('not-found', 'no letter to this address bounced');
    written((await deps.intake.apply([{ op: 'clear-undeliverable', email, at: deps.clock.now() }]))[0]);
    return reply.code(204).send();
  });
}
