import type { FastifyRequest } from 'fastify';
import type { Static } from 'typebox';
import type { Interaction } from '../../domain/interaction/interaction.ts';
import { waysTo } from '../../domain/outbound/ways.ts';
import { reasonText } from '../../domain/reasons/reasons.ts';
import type { ApiDeps, App } from '../deps.ts';
import { allow, interactionOf, readerOf } from '../principal.ts';
import { answers, pageOf, ref } from '../schemas/common.ts';
import { InteractionParams as params } from '../schemas/params.ts';
import { WaySchema } from '../schemas/writing.ts';
import { providerOf } from './window.ts';

/** How many messages of the client are looked at. */
const looked = 100;

/** The ways to write to the party of an interaction, or to its client, by messengers. */
export function wayRoutes(app: App, deps: ApiDeps): void {
  const onRequest = allow(app, deps, 'operator', 'supervisor', 'admin', 'integration');
  const listing = {
    operationId: 'listWays',
    summary: 'List ways to write by messengers',
    description:
      'For each connection of a messenger: the conversations with the client and the numbers to begin one with, what the service takes now, and why it does not take more.',
    tags: ['messages'],
    params,
    response: answers({ 200: pageOf(ref(WaySchema)) }),
  };
  app.get('/interactions/:id/ways', { onRequest, schema: listing }, async (request) => {
    const contact = await interactionOf(deps, request, request.params.id);
    const connections = deps
      .sending()
      .flatMap((one) =>
        one.channel === 'message' && one.to !== 'email' ? [{ ...one, to: one.to, provider: providerOf(one) }] : [],
      );
    const known = {
      phones: await phonesOf(deps, request, contact),
      messages: await messagesOf(deps, request, contact),
    };
    const items = waysTo(connections, known, deps.clock.now()).map(
      ({ until, reason, ...way }): Static<typeof WaySchema> => ({
        ...way,
        until: until === null ? null : new Date(until).toISOString(),
        problem: reason === null ? null : reasonText(reason),
        problemReason: reason,
      }),
    );
    return { items, next: null };
  });
}

async function phonesOf(
  deps: ApiDeps,
  request: FastifyRequest,
  { party, client }: Interaction,
): Promise<readonly string[]> {
  const card = client === null ? null : await readerOf(deps, request).client(client.id as never);
  const identifiers = [...(card?.identifiers ?? []), ...(card?.contacts ?? []).flatMap((one) => one.identifiers)];
  const phones = identifiers.filter(({ kind }) => kind === 'phone').map(({ value }) => value);
  return [...new Set([...(party.phone === null ? [] : [party.phone]), ...phones])];
}

/** Messages of the client, of the number and of the conversation, newest first. */
async function messagesOf(
  deps: ApiDeps,
  request: FastifyRequest,
  { client, thread, party }: Interaction,
): Promise<readonly Interaction[]> {
  const reader = readerOf(deps, request);
  const filters = [
    ...(client === null ? [] : [{ client: client.id }]),
    ...(thread === null ? [] : [{ thread }]),
    ...(party.phone === null ? [] : [{ phone: party.phone }]),
  ];
  const pages = await Promise.all(
    filters.map((filter) => reader.interactions({ ...filter, channel: 'message', limit: looked, cursor: null })),
  );
  const found = new Map(pages.flatMap(({ items }) => items).map((one) => [one.id, one]));
  return [...found.values()].sort((a, b) => b.startedAt.localeCompare(a.startedAt));
}
