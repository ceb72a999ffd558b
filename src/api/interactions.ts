import { randomUUID } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import type { ClientId } from '../domain/base/ids.ts';
import { eventKey, newInteractionId } from '../domain/base/ids.ts';
import { cleanText, normaliseEmail, parsePhone } from '../domain/directory/identifiers.ts';
import { withLineMarks } from '../domain/interaction/attribution.ts';
import type { Interaction } from '../domain/interaction/interaction.ts';
import type { Decision, RecordedInteraction } from '../domain/ports/contact-writes.ts';
import type { InteractionQuery } from '../domain/ports/queries.ts';
import type { ApiDeps, App } from './deps.ts';
import { happenedAt } from './moments.ts';
import { pageAsked, pageParameters } from './paging.ts';
import { allow, checkClient, interactionOf, principalOf, readerOf } from './principal.ts';
import { invalid, Problem, written } from './problem.ts';
import { HistoryEntry } from './schemas/answers.ts';
import { answers, named, orNull, pageOf, strictObject, words } from './schemas/common.ts';
import { Channel, Direction, State, SuggestionState } from './schemas/interaction.ts';

const Id = Type.String({ minLength: 1, maxLength: 128 });
const timeForm = (sign: string) =>
  `^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d(:\\d\\d(\\.\\d{1,9})?)?(Z|[${sign}]\\d\\d:\\d\\d)$`;
const Time = Type.String({
  pattern: timeForm('+-'),
  maxLength: 40,
  description: 'RFC 3339.',
});
const EndState = words('answered', 'missed', 'unanswered', 'failed', 'received', 'sent', 'delivered', 'read');

/** In a query `+` means a blank, and people forget to write it as %2B: what stands before an offset can be nothing else. */
const QueryTime = Type.String({
  pattern: timeForm('+ -'),
  maxLength: 40,
  description: 'RFC 3339.',
});

const ListQuery = strictObject({
  ...pageParameters,
  channel: Type.Optional(Channel),
  direction: Type.Optional(Direction),
  state: Type.Optional(State),
  client: Type.Optional(Id),
  manager: Type.Optional(
    Type.String({ minLength: 1, maxLength: 128, description: 'On a leg, responsible or handled it.' }),
  ),
  deal: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 256,
      description:
        "Names the deal (its `object` of type `deal`, or a destination's link), or names none and is of a client that has this deal.",
    }),
  ),
  phone: Type.Optional(Type.String({ minLength: 3, maxLength: 64 })),
  thread: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'One conversation.' })),
  since: Type.Optional(QueryTime),
});

/** A merge patch of what humans decide. */
const PatchBody = Type.Object(
  {
    client: Type.Optional(orNull(Id)),
    contact: Type.Optional(orNull(Id)),
    note: Type.Optional(Type.String({ minLength: 1, maxLength: 10_000 })),
    disposition: Type.Optional(orNull(Type.String({ minLength: 1, maxLength: 64 }))),
    object: Type.Optional(orNull(strictObject({ type: Type.String({ minLength: 1, maxLength: 64 }), id: Id }))),
    suggestion: Type.Optional(
      strictObject({
        kind: words('phone', 'email'),
        value: Type.String({ minLength: 1, maxLength: 254, description: 'As it stands in `suggestions`.' }),
        state: SuggestionState,
      }),
    ),
  },
  { additionalProperties: false, minProperties: 1 },
);

const PostBody = strictObject({
  key: Type.Optional(
    Type.String({ minLength: 1, maxLength: 200, description: 'Yours; the same key twice is one interaction.' }),
  ),
  channel: Channel,
  direction: words('inbound', 'outbound'),
  state: Type.Optional(EndState),
  phone: Type.Optional(Type.String({ maxLength: 64 })),
  email: Type.Optional(Type.String({ maxLength: 254 })),
  name: Type.Optional(Type.String({ maxLength: 200 })),
  client: Type.Optional(orNull(Id)),
  manager: Type.Optional(orNull(Id)),
  line: Type.Optional(orNull(Id)),
  startedAt: Time,
  endedAt: Type.Optional(orNull(Time)),
  talkSeconds: Type.Optional(orNull(Type.Integer({ minimum: 0, maximum: 86_400 }))),
  subject: Type.Optional(orNull(Type.String({ maxLength: 998 }))),
  text: Type.Optional(orNull(Type.String({ maxLength: 100_000 }))),
});

const One = named<Interaction>('Interaction');
const Params = Type.Object({ id: Type.String({ maxLength: 64 }) });
const tags = ['interactions'];

/** Interactions: listing, reading, recording what happened elsewhere, and what operators decide. */
export function interactionRoutes(app: App, deps: ApiDeps): void {
  const onRequest = allow(app, deps, 'operator', 'supervisor', 'admin', 'integration');

  const listing = { tags, querystring: ListQuery, response: answers({ 200: pageOf(One) }) };
  app.get('/interactions', { onRequest, schema: listing }, async (request) => {
    const { limit, cursor, phone, since, ...rest } = request.query;
    const query: Record<string, unknown> = { ...rest, ...pageAsked(request.query, 2) };
    if (since !== undefined) query.since = utc(since.replace(' ', '+'), '/since');
    if (phone !== undefined) {
      const parsed = parsePhone(phone, deps.settings.country).phone;
      if (parsed === null) throw invalid('/phone', 'phone', 'no telephone number');
      query.phone = parsed;
    }
    return readerOf(deps, request).interactions(query as unknown as InteractionQuery);
  });

  const reading = { tags, params: Params, response: answers({ 200: One }) };
  app.get('/interactions/:id', { onRequest, schema: reading }, async (request, reply) => {
    const interaction = await interactionOf(deps, request, request.params.id);
    return reply.header('etag', `"${interaction.revision}"`).send(interaction);
  });

  const history = { tags, params: Params, response: answers({ 200: pageOf(HistoryEntry) }) };
  app.get('/interactions/:id/history', { onRequest, schema: history }, async (request) => {
    const { id } = await interactionOf(deps, request, request.params.id);
    const items = await readerOf(deps, request).interactionHistory(id);
    return { items: items.map((item) => ({ ...item, at: new Date(item.at).toISOString() })), next: null };
  });

  const recording = { tags, body: PostBody, response: answers({ 200: One, 201: One }) };
  app.post('/interactions', { onRequest, schema: recording }, async (request, reply) => {
    const { by, login } = principalOf(request);
    await checkRecord(request, deps);
    const key = eventKey(`api:${login}`, request.body.key ?? randomUUID());
    const interaction = recorded(request.body, deps);
    const at = deps.clock.now();
    const id = newInteractionId(at);
    const [result] = await deps.intake.apply([{ op: 'record', id, key, interaction, by, at }]);
    const kept = written(result).changes[0]?.interaction;
    if (kept === undefined) throw new Problem('internal', 'nothing was written');
    return reply
      .code(kept.id === id ? 201 : 200)
      .header('location', `/api/v1/interactions/${kept.id}`)
      .header('etag', `"${kept.revision}"`)
      .send(kept);
  });

  const deciding = {
    tags,
    params: Params,
    headers: Type.Object({
      'if-match': Type.Optional(Type.String({ description: 'The revision it is decided for.' })),
    }),
    body: PatchBody,
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

/** Operators tell of what they did themselves, of clients that they see. */
async function checkRecord(request: FastifyRequest<{ Body: Static<typeof PostBody> }>, deps: ApiDeps): Promise<void> {
  const { role, manager: self } = principalOf(request);
  const { manager, client } = request.body;
  if (role === 'operator' && manager != null && manager !== self?.id)
    throw new Problem('forbidden', 'operators record what they did themselves only');
  if (client != null) await checkClient(deps, request, client);
}

/** Whom a contact is given to must be seen by who decides, or be one of those it was matched with. */
async function checkChoice(
  request: FastifyRequest<{ Body: Static<typeof PatchBody> }>,
  { match }: Interaction,
  deps: ApiDeps,
): Promise<void> {
  const { client } = request.body;
  if (client != null && !match.candidates.some((one) => one.client.id === client))
    await checkClient(deps, request, client);
}

function recorded(body: Static<typeof PostBody>, deps: ApiDeps): RecordedInteraction {
  const { phone, ext } = parsePhone(body.phone ?? '', deps.settings.country);
  const email = body.email === undefined ? null : normaliseEmail(body.email);
  if (body.phone !== undefined && phone === null) throw invalid('/phone', 'phone', 'no telephone number');
  if (body.email !== undefined && email === null) throw invalid('/email', 'email', 'no e-mail address');
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

/** What is told has ended: when nothing says when, after the talk that it began with. */
function endOf({ startedAt, endedAt, talkSeconds }: Static<typeof PostBody>, now: number): string {
  if (endedAt != null) return happenedAt(endedAt, '/endedAt', now);
  return new Date(Date.parse(startedAt) + (talkSeconds ?? 0) * 1000).toISOString();
}

function stateFits(call: boolean, state: string): boolean {
  return state === 'failed' || call === ['answered', 'missed', 'unanswered'].includes(state);
}

/** `If-Match: 7` or `"7"`; absent or `*` is no condition. */
function revisionOf(header: string | undefined): number | null {
  if (header === undefined || header === '*') return null;
  const revision = /^(?:W\/)?"?(\d{1,15})"?$/.exec(header.trim())?.[1];
  if (revision === undefined) throw new Problem('bad-request', 'If-Match: expected a revision');
  return Number(revision);
}

function utc(value: string, path: string): string {
  const at = Date.parse(value);
  if (!Number.isFinite(at)) throw invalid(path, 'time', 'no such time');
  return new Date(at).toISOString();
}
