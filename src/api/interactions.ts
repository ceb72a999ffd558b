import { randomUUID } from 'node:crypto';
import { type Static, Type } from 'typebox';
import { cleanText, normaliseEmail, parsePhone } from '../domain/identifiers.ts';
import type { ClientId } from '../domain/ids.ts';
import { eventKey, type InteractionId, isInteractionId } from '../domain/ids.ts';
import type { Line } from '../domain/manager.ts';
import type { InteractionQuery } from '../domain/store-port.ts';
import type { Decision, RecordedInteraction } from '../domain/writes.ts';
import type { ApiDeps, App } from './deps.ts';
import { pageOf, pageParameters } from './paging.ts';
import { allow, principalOf } from './principal.ts';
import { invalid, Problem, written } from './problem.ts';

const strict = { additionalProperties: false } as const;
const words = <T extends string>(...values: readonly T[]) => Type.Union(values.map((value) => Type.Literal(value)));
const orNull = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) => Type.Union([schema, Type.Null()]);
const Id = Type.String({ minLength: 1, maxLength: 128 });
const Time = Type.String({
  pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d(:\\d\\d(\\.\\d{1,9})?)?(Z|[+-]\\d\\d:\\d\\d)$',
  maxLength: 40,
  description: 'RFC 3339.',
});
const Channel = words('call', 'email', 'message', 'form', 'meeting');
const Direction = words('inbound', 'outbound', 'internal');
const State = words(
  ...(['ringing', 'talking', 'answered', 'missed', 'unanswered', 'failed'] as const),
  ...(['received', 'queued', 'sent', 'delivered', 'read'] as const),
);
const EndState = words('answered', 'missed', 'unanswered', 'failed', 'received', 'sent', 'delivered', 'read');

const ListQuery = Type.Object(
  {
    ...pageParameters,
    channel: Type.Optional(Channel),
    direction: Type.Optional(Direction),
    state: Type.Optional(State),
    client: Type.Optional(Id),
    manager: Type.Optional(Id),
    phone: Type.Optional(Type.String({ minLength: 3, maxLength: 64 })),
    since: Type.Optional(Time),
  },
  strict,
);

/** A merge patch of what humans decide. */
const PatchBody = Type.Object(
  {
    client: Type.Optional(orNull(Id)),
    contact: Type.Optional(orNull(Id)),
    note: Type.Optional(Type.String({ minLength: 1, maxLength: 10_000 })),
    disposition: Type.Optional(orNull(Type.String({ minLength: 1, maxLength: 64 }))),
    object: Type.Optional(orNull(Type.Object({ type: Type.String({ minLength: 1, maxLength: 64 }), id: Id }, strict))),
  },
  { ...strict, minProperties: 1 },
);

const PostBody = Type.Object(
  {
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
  },
  strict,
);

const Params = Type.Object({ id: Type.String({ maxLength: 64 }) });
const tags = ['interactions'];

/** Interactions: listing, reading, recording what happened elsewhere, and what operators decide. */
export function interactionRoutes(app: App, deps: ApiDeps): void {
  const onRequest = allow(app, deps, 'operator', 'supervisor', 'admin', 'integration');
  const { read } = deps.store;

  app.get('/interactions', { onRequest, schema: { tags, querystring: ListQuery } }, async (request) => {
    const { limit, cursor, phone, since, ...rest } = request.query;
    const query: Record<string, unknown> = { ...rest, ...pageOf(request.query) };
    if (since !== undefined) query.since = utc(since, '/since');
    if (phone !== undefined) {
      const parsed = parsePhone(phone, deps.settings.country).phone;
      if (parsed === null) throw invalid('/phone', 'phone', 'no telephone number');
      query.phone = parsed;
    }
    return read.interactions(query as unknown as InteractionQuery);
  });

  app.get('/interactions/:id', { onRequest, schema: { tags, params: Params } }, async (request, reply) => {
    const interaction = await read.interaction(idOf(request.params.id));
    if (interaction === null) throw new Problem('not-found', 'no such interaction');
    return reply.header('etag', `"${interaction.revision}"`).send(interaction);
  });

  app.get('/interactions/:id/history', { onRequest, schema: { tags, params: Params } }, async (request) => {
    const id = idOf(request.params.id);
    if ((await read.interaction(id)) === null) throw new Problem('not-found', 'no such interaction');
    const items = await read.interactionHistory(id);
    return { items: items.map((item) => ({ ...item, at: new Date(item.at).toISOString() })), next: null };
  });

  app.post('/interactions', { onRequest, schema: { tags, body: PostBody } }, async (request, reply) => {
    const { by, login } = principalOf(request);
    const key = eventKey(`api:${login}`, request.body.key ?? randomUUID());
    const interaction = recorded(request.body, deps);
    const [result] = await deps.intake.apply([{ op: 'record', key, interaction, by, at: deps.clock.now() }]);
    const id = written(result).changes[0]?.interaction.id;
    const kept = id === undefined ? null : await read.interaction(id);
    // The key was known and nothing new came with it.
    if (kept === null) return reply.code(204).send();
    return reply
      .code(201)
      .header('location', `/api/v1/interactions/${kept.id}`)
      .header('etag', `"${kept.revision}"`)
      .send(kept);
  });

  app.patch(
    '/interactions/:id',
    { onRequest, schema: { tags, params: Params, body: PatchBody } },
    async (request, reply) => {
      const id = idOf(request.params.id);
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
      const interaction =
        written(result).changes.find((change) => change.interaction.id === id)?.interaction ??
        (await read.interaction(id));
      if (interaction === null) throw new Problem('not-found', 'no such interaction');
      return reply.header('etag', `"${interaction.revision}"`).send(interaction);
    },
  );
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
    attribution: line === null ? null : attributionOf(line),
    startedAt: utc(body.startedAt, '/startedAt'),
    endedAt: body.endedAt == null ? null : utc(body.endedAt, '/endedAt'),
    talkSeconds: body.talkSeconds ?? null,
    subject: body.subject ?? null,
    text: body.text ?? null,
  };
}

function attributionOf({ attribution }: Line): RecordedInteraction['attribution'] {
  return { ...attribution, content: null, term: null, page: null, referrer: null, ids: {} };
}

function stateFits(call: boolean, state: string): boolean {
  return state === 'failed' || call === ['answered', 'missed', 'unanswered'].includes(state);
}

function idOf(value: string): InteractionId {
  if (!isInteractionId(value)) throw new Problem('not-found', 'no such interaction');
  return value;
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
