import { randomUUID } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import type { ClientId } from '../domain/base/ids.ts';
import { eventKey, newInteractionId } from '../domain/base/ids.ts';
import { normaliseEmail } from '../domain/directory/email-address.ts';
import { cleanText, parsePhone } from '../domain/directory/identifiers.ts';
import { withLineMarks } from '../domain/interaction/attribution.ts';
import type { Interaction } from '../domain/interaction/interaction.ts';
import type { Decision, RecordedInteraction } from '../domain/ports/contact-writes.ts';
import type { InteractionQuery } from '../domain/ports/queries.ts';
import { maxQuestion } from '../domain/search/question.ts';
import type { ApiDeps, App } from './deps.ts';
import { happenedAt } from './moments.ts';
import { pageAsked, pageParameters } from './paging.ts';
import { allow, checkClient, interactionOf, principalOf, readerOf } from './principal.ts';
import { invalid, Problem, written, writtenInteraction } from './problem.ts';
import { HistoryEntrySchema } from './schemas/answers.ts';
import { answers, pageOf, ref, schemaRef, strictObject } from './schemas/common.ts';
import { Channel } from './schemas/contact.ts';
import { Direction, State } from './schemas/interaction.ts';
import { InteractionParams as params } from './schemas/params.ts';
import { InteractionPatch, NewInteraction, timePattern } from './schemas/requests.ts';

const Id = Type.String({ minLength: 1, maxLength: 128 });

/** A `+` in a query means a blank, and people forget to write it as %2B. A blank before an offset can be nothing else. */
const QueryTime = Type.String({ pattern: timePattern('+ -'), maxLength: 40, description: 'RFC 3339.' });

const ListQuery = strictObject({
  ...pageParameters,
  channel: Type.Optional(Channel),
  direction: Type.Optional(Direction),
  state: Type.Optional(State),
  client: Type.Optional(Id),
  manager: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 128,
      description: 'Manager who is responsible, handled it or was rung.',
    }),
  ),
  deal: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 256,
      description:
        "Interactions that name the deal (by an `object` of type `deal` or a destination's link), and those of the deal's client that name no deal.",
    }),
  ),
  phone: Type.Optional(Type.String({ minLength: 3, maxLength: 64 })),
  thread: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'One conversation.' })),
  since: Type.Optional(QueryTime),
  q: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: maxQuestion,
      description:
        'Words that all occur in the texts, names, addresses or file names of an interaction, in any of their forms; the last one may be a beginning. A page can be short although there are more. New texts are found about a second later.',
    }),
  ),
});

const One = schemaRef<Interaction>('Interaction');
const tags = ['interactions'];
type NewBody = Static<typeof NewInteraction>;
type PatchBody = Static<typeof InteractionPatch>;

/** Interactions: listing, reading, recording contacts that happened elsewhere, and the decisions of operators. */
export function interactionRoutes(app: App, deps: ApiDeps): void {
  const onRequest = allow(app, deps, 'operator', 'supervisor', 'admin', 'integration');

  const listing = {
    operationId: 'listInteractions',
    summary: 'List interactions',
    description: 'The latest first. All given filters apply.',
    tags,
    querystring: ListQuery,
    response: answers({ 200: pageOf(One) }),
  };
  app.get('/interactions', { onRequest, schema: listing }, async (request) => {
    const { limit, cursor, phone, since, ...rest } = request.query;
    const query: Record<string, unknown> = { ...rest, ...pageAsked(request.query, 2) };
    if (since !== undefined) query.since = utc(since.replace(' ', '+'), '/since');
    if (phone !== undefined) {
      const parsed = parsePhone(phone, deps.settings.country).phone;
      if (parsed === null) throw invalid('/phone', 'phone', 'not a phone number');
      query.phone = parsed;
    }
    return readerOf(deps, request).interactions(query as unknown as InteractionQuery);
  });

  const reading = {
    operationId: 'getInteraction',
    summary: 'Get an interaction',
    description: 'The `ETag` header is its revision.',
    tags,
    params,
    response: answers({ 200: One }),
  };
  app.get('/interactions/:id', { onRequest, schema: reading }, async (request, reply) => {
    const interaction = await interactionOf(deps, request, request.params.id);
    return reply.header('etag', `"${interaction.revision}"`).send(interaction);
  });

  const history = {
    operationId: 'getInteractionHistory',
    summary: 'List the changes of an interaction',
    tags,
    params,
    response: answers({ 200: pageOf(ref(HistoryEntrySchema)) }),
  };
  app.get('/interactions/:id/history', { onRequest, schema: history }, async (request) => {
    const { id } = await interactionOf(deps, request, request.params.id);
    const items = await readerOf(deps, request).interactionHistory(id);
    return { items: items.map((item) => ({ ...item, at: new Date(item.at).toISOString() })), next: null };
  });

  const recording = {
    operationId: 'recordInteraction',
    summary: 'Record an interaction',
    description:
      'For contacts that happened elsewhere, such as a meeting. 201 when it is new, 200 when the `key` was used before.',
    tags,
    body: ref(NewInteraction),
    response: answers({ 200: One, 201: One }),
  };
  app.post('/interactions', { onRequest, schema: recording }, async (request, reply) => {
    const { by, login } = principalOf(request);
    await checkRecord(request, deps);
    const key = eventKey(`api:${login}`, request.body.key ?? randomUUID());
    const interaction = recorded(request.body, deps);
    const at = deps.clock.now();
    const id = newInteractionId(at);
    const [result] = await deps.intake.apply([{ op: 'record', id, key, interaction, by, at }]);
    const kept = writtenInteraction(result);
    return reply
      .code(kept.id === id ? 201 : 200)
      .header('location', `/api/v1/interactions/${kept.id}`)
      .header('etag', `"${kept.revision}"`)
      .send(kept);
  });

  const deciding = {
    operationId: 'updateInteraction',
    summary: 'Decide about an interaction',
    description: 'What an operator decides: the client, a note, a disposition. It outranks the automatic match.',
    tags,
    params,
    headers: Type.Object({
      'if-match': Type.Optional(
        Type.String({
          description: 'The revision the decision is based on. Refused with 412 when there is a newer one.',
        }),
      ),
    }),
    body: ref(InteractionPatch),
    response: answers({ 200: One }),
  };
  app.patch('/interactions/:id', { onRequest, schema: deciding }, async (request, reply) => {
    const before = await interactionOf(deps, request, request.params.id);
    const { id } = before;
    await checkChoice(request, before, deps);
    const [result] = await deps.intake.apply([
      {
        op: 'decide',
        id,
        ifRevision: revisionOf(request.headers['if-match']),
        by: principalOf(request).by,
        decision: request.body as Decision,
        at: deps.clock.now(),
      },
    ]);
    const interaction = written(result).changes.find((change) => change.interaction.id === id)?.interaction ?? before;
    return reply.header('etag', `"${interaction.revision}"`).send(interaction);
  });
}

/** Operators record only what they did themselves, and only with clients they can see. */
async function checkRecord(request: FastifyRequest<{ Body: NewBody }>, deps: ApiDeps): Promise<void> {
  const { role, manager: self } = principalOf(request);
  const { manager, client } = request.body;
  if (role === 'operator' && manager != null && manager !== self?.id)
    throw new Problem('forbidden', 'operators may only record what they did themselves');
  if (client != null) await checkClient(deps, request, client);
}

/** The chosen client must be one of the candidates, or one that the operator can see. */
async function checkChoice(
  request: FastifyRequest<{ Body: PatchBody }>,
  { match }: Interaction,
  deps: ApiDeps,
): Promise<void> {
  const { client } = request.body;
  if (client != null && !match.candidates.some((one) => one.client.id === client))
    await checkClient(deps, request, client);
}

function recorded(body: NewBody, deps: ApiDeps): RecordedInteraction {
  const { phone, ext } = parsePhone(body.phone ?? '', deps.settings.country);
  const email = body.email === undefined ? null : normaliseEmail(body.email);
  if (body.phone !== undefined && phone === null) throw invalid('/phone', 'phone', 'not a phone number');
  if (body.email !== undefined && email === null) throw invalid('/email', 'email', 'not an e-mail address');
  const { managers, lines } = deps.staff();
  const manager = body.manager ?? null;
  if (manager !== null && !managers.some((one) => one.id === manager))
    throw invalid('/manager', 'manager', 'no such manager');
  const line = body.line == null ? null : (lines.find((one) => one.id === body.line) ?? null);
  if (body.line != null && line === null) throw invalid('/line', 'line', 'no such line');
  const call = body.channel === 'call';
  const state = body.state ?? (call ? 'answered' : body.direction === 'inbound' ? 'received' : 'sent');
  if (!stateFits(call, state)) throw invalid('/state', 'state', `a ${body.channel} can't be ${state}`);
  return {
    channel: body.channel,
    direction: body.direction,
    state,
    party: {
      phone,
      raw: cleanText(body.phone ?? '', 64),
      ext,
      withheld: false,
      email,
      account: null,
      name: body.name === undefined ? null : cleanText(body.name, 200) || null,
    },
    client: (body.client ?? null) as ClientId | null,
    manager,
    line: line === null ? null : { id: line.id, label: line.label, address: line.address, connection: line.connection },
    attribution: withLineMarks(null, line?.attribution ?? null),
    startedAt: happenedAt(body.startedAt, '/startedAt', deps.clock.now()),
    endedAt: endOf(body, deps.clock.now()),
    talkSeconds: body.talkSeconds ?? null,
    subject: body.subject ?? null,
    text: body.text ?? null,
  };
}

/** Recorded interactions are always finished. Without an end, they end after the talk. */
function endOf({ startedAt, endedAt, talkSeconds }: NewBody, now: number): string {
  if (endedAt != null) return happenedAt(endedAt, '/endedAt', now);
  return new Date(Date.parse(startedAt) + (talkSeconds ?? 0) * 1000).toISOString();
}

function stateFits(call: boolean, state: string): boolean {
  return state === 'failed' || call === ['answered', 'missed', 'unanswered'].includes(state);
}

/** The revision in `If-Match: 7` or `"7"`. Null without a condition (no header, or `*`). */
function revisionOf(header: string | undefined): number | null {
  if (header === undefined || header === '*') return null;
  const revision = /^(?:W\/)?"?(\d{1,15})"?$/.exec(header.trim())?.[1];
  if (revision === undefined) throw new Problem('bad-request', 'If-Match: expected a revision');
  return Number(revision);
}

function utc(value: string, path: string): string {
  const at = Date.parse(value);
  if (!Number.isFinite(at)) throw invalid(path, 'time', 'not a valid time');
  return new Date(at).toISOString();
}
