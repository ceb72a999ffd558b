import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import type { Reason } from '../domain/base/reason.ts';
import type { Presence } from '../domain/call/device.ts';
import type { Client } from '../domain/directory/client.ts';
import type { Lead, Task } from '../domain/follow-up/follow-up.ts';
import type { Candidate, Interaction, Named, RouteSummary } from '../domain/interaction/interaction.ts';

/** What a client's card shows: the client as the CRM told it, and the last interactions, newest first. */
export interface ClientCard extends Client {
  readonly recent: readonly Interaction[];
}

/** Something a supervisor and every desk should see: a quiet line or connection; of users who read very much only supervisors hear. */
export interface DeskAlarm {
  readonly id: string;
  readonly kind: string;
  readonly line: string | null;
  readonly connection: string | null;
  /** RFC 3339. */
  readonly since: string;
  readonly expected: number | null;
  readonly seen: number | null;
  readonly probability: number | null;
  /** What is wrong with a connection, in English; for a user who reads very much, the login. */
  readonly reason: string | null;
  /** What is wrong with a connection, as a code. */
  readonly stateReason: Reason | null;
  /** Letters and messages that wait for a connection. */
  readonly waiting: number | null;
}

/** What the server sends. `seq` grows per manager; what has none is not repeated on `resume`. */
export type ServerMessage =
  | { readonly type: 'hello'; readonly manager: Named | null; readonly seq: number }
  | {
      readonly type: 'pop';
      readonly seq: number;
      readonly interaction: Interaction;
      readonly client: ClientCard | null;
      readonly candidates: readonly Candidate[];
      readonly route: RouteSummary | null;
    }
  | { readonly type: 'update'; readonly seq: number; readonly interaction: Interaction }
  | { readonly type: 'reset'; readonly seq: number }
  /** A lead of the pool has come, or changed. Repeated by no `resume`: a page that was away reads `GET /leads`. */
  | { readonly type: 'lead'; readonly lead: Lead }
  /** A task of this manager, or of nobody yet, has come or changed. Repeated by no `resume`, as leads. */
  | { readonly type: 'task'; readonly task: Task }
  /** How telephones are: all managers' where it is `whole`, else of those whose state has changed. */
  | { readonly type: 'presence'; readonly whole: boolean; readonly managers: readonly Presence[] }
  | { readonly type: 'alarm'; readonly alarms: readonly DeskAlarm[] }
  | { readonly type: 'bye'; readonly reason: 'restart' }
  /** `interaction`: as what the message decided left it; who decides about a contact of nobody's hears of it in no other way. */
  | { readonly type: 'ok'; readonly ref: string | null; readonly interaction?: Interaction }
  | { readonly type: 'error'; readonly ref: string | null; readonly code: string; readonly message: string };

const ref = Type.Optional(Type.String({ maxLength: 64 }));
const interaction = Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' });
const strict = { additionalProperties: false } as const;

/** What a desk may send. */
const ClientMessageSchema = Type.Union([
  Type.Object({ type: Type.Literal('resume'), ref, seq: Type.Integer({ minimum: 0 }) }, strict),
  Type.Object(
    {
      type: Type.Literal('choose'),
      ref,
      interaction,
      client: Type.Union([Type.String({ minLength: 1, maxLength: 128 }), Type.Null()]),
      contact: Type.Optional(Type.Union([Type.String({ maxLength: 128 }), Type.Null()])),
    },
    strict,
  ),
  Type.Object(
    { type: Type.Literal('note'), ref, interaction, text: Type.String({ minLength: 1, maxLength: 10_000 }) },
    strict,
  ),
  Type.Object(
    {
      type: Type.Literal('disposition'),
      ref,
      interaction,
      value: Type.Union([Type.String({ minLength: 1, maxLength: 64 }), Type.Null()]),
    },
    strict,
  ),
  Type.Object(
    {
      type: Type.Literal('suggestion'),
      ref,
      interaction,
      kind: Type.Union([Type.Literal('phone'), Type.Literal('email')]),
      value: Type.String({ minLength: 1, maxLength: 254 }),
      state: Type.Union([Type.Literal('open'), Type.Literal('added'), Type.Literal('dismissed')]),
    },
    strict,
  ),
]);

/** One message of a desk, checked. */
export type ClientMessage = Static<typeof ClientMessageSchema>;

/** Reads a desk's message; on rubbish an error with the `ref`, where one could be read. */
export function parseClientMessage(
  data: string,
): ClientMessage | { readonly type: 'invalid'; readonly ref: string | null } {
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    return { type: 'invalid', ref: null };
  }
  if (Value.Check(ClientMessageSchema, value)) return value;
  const given = typeof value === 'object' && value !== null && 'ref' in value ? value.ref : null;
  return { type: 'invalid', ref: typeof given === 'string' ? given.slice(0, 64) : null };
}
