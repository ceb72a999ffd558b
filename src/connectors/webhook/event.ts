import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { eventKey, isInteractionId } from '../../domain/base/ids.ts';
import type { Attribution } from '../../domain/interaction/interaction.ts';
import { outboundKey } from '../../domain/outbound/outbound.ts';
import { noProblem } from '../../domain/outbound/problem.ts';
import { reason } from '../../domain/reasons/reasons.ts';
import type { WrittenReport } from '../../domain/written/written-contact.ts';
import type { Incoming } from '../shared/messages.ts';

const Id = Type.String({ minLength: 1, maxLength: 200 });
const Word = Type.Optional(Type.Union([Type.String({ maxLength: 300 }), Type.Null()]));
const Moment = Type.Optional(
  Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?(Z|[+-]\\d\\d:\\d\\d)$' }),
);
const Url = Type.String({ pattern: '^https?://[^\\s]+$', maxLength: 2000 });

const Message = Type.Object({
  type: Type.Literal('message'),
  id: Id,
  conversation: Type.Optional(Id),
  direction: Type.Optional(Type.Union([Type.Literal('inbound'), Type.Literal('outbound')])),
  from: Type.Object({ id: Id, name: Word, username: Word, phone: Word, email: Word }),
  text: Type.Optional(Type.Union([Type.String({ maxLength: 100_000 }), Type.Null()])),
  at: Moment,
  editedAt: Moment,
  answers: Type.Optional(Id),
  files: Type.Optional(Type.Array(Type.Object({ url: Url, name: Word, mime: Word }), { maxItems: 20 })),
  attribution: Type.Optional(Type.Object({ source: Word, medium: Word, campaign: Word, content: Word, term: Word })),
});
const Report = Type.Object({
  type: Type.Literal('report'),
  id: Id,
  state: Type.Union([Type.Literal('sent'), Type.Literal('delivered'), Type.Literal('read'), Type.Literal('failed')]),
  problem: Word,
  at: Moment,
});
const day = 86_400_000;
const earliest = Date.UTC(1990);

type Message = Static<typeof Message>;
type Report = Static<typeof Report>;

/** Context for reading an event. */
export interface WebhookReading {
  readonly connection: string;
  readonly account: string;
  readonly now: number;
}

/** Parses an event, or describes what is wrong with it. */
export function readEvent(
  given: unknown,
  reading: WebhookReading,
): Incoming | WrittenReport | { readonly wrong: string } {
  const { type } = (given ?? {}) as { type?: unknown };
  if (type === 'message') return Value.Check(Message, given) ? readMessage(given, reading) : wrong(Message, given);
  if (type === 'report') return Value.Check(Report, given) ? readReport(given, reading) : wrong(Report, given);
  return { wrong: '/type: expected "message" or "report"' };
}

function wrong(schema: typeof Message | typeof Report, given: unknown): { readonly wrong: string } {
  const [first] = Value.Errors(schema, given);
  return { wrong: `${first?.instancePath || '/'}: ${first?.message ?? 'is invalid'}` };
}

function readMessage(message: Message, { connection, account, now }: WebhookReading): Incoming {
  const { from, direction = 'inbound', files = [] } = message;
  const conversation = message.conversation ?? from.id;
  return {
    contact: {
      kind: 'written',
      channel: 'message',
      key: eventKey(connection, message.id),
      aliases: [],
      connection,
      direction,
      state: direction === 'inbound' ? 'received' : 'sent',
      party: {
        phone: from.phone ?? null,
        email: from.email ?? null,
        account: { kind: account, connection, id: from.id, username: from.username ?? null },
        name: from.name ?? null,
      },
      line: connection,
      manager: null,
      from: null,
      at: happenedAt(message.at, now) ?? now,
      subject: null,
      text: message.text ?? null,
      attachments: [],
      thread: `${connection}:${conversation}`,
      answers: message.answers === undefined ? [] : [eventKey(connection, message.answers)],
      attribution: message.attribution === undefined ? null : attributionOf(message.attribution),
      automatic: null,
      handle: { user: from.id, conversation, message: message.id },
    },
    files: files.map(({ url, name, mime }) => ({
      name: name ?? 'file',
      mime: mime ?? 'application/octet-stream',
      locate: async () => ({ url, headers: {} }),
    })),
    edited: happenedAt(message.editedAt, now) ?? 0,
    unknown: null,
  };
}

/** Parses a report. It refers to our message by our own id, or by the id in the answer when it was sent. */
function readReport({ id, state, problem, at }: Report, { connection, now }: WebhookReading): WrittenReport {
  const key = isInteractionId(id) ? outboundKey(id) : eventKey(connection, id);
  const report = { kind: 'report', key, connection, state, at: happenedAt(at, now) ?? now } as const;
  if (problem == null) return { ...report, ...noProblem };
  return { ...report, problem, problemReason: reason('notDelivered', { provider: connection, said: problem }) };
}

function attributionOf(given: NonNullable<Message['attribution']>): Attribution {
  const { source = null, medium = null, campaign = null, content = null, term = null } = given;
  return { source, medium, campaign, content, term, page: null, referrer: null, ids: {} };
}

/** Parses a time between 1990 and tomorrow. Null for any other, which must be a mistake. */
function happenedAt(given: string | undefined, now: number): number | null {
  const at = Date.parse(given ?? '');
  return at >= earliest && at <= now + day ? at : null;
}
