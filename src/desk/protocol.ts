import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import type { Reason } from '../domain/base/reason.ts';
import { type CallAction, type CommandState, commandActions } from '../domain/call/call-command.ts';
import type { Presence } from '../domain/call/device.ts';
import type { Client } from '../domain/directory/client.ts';
import type { Lead, Task } from '../domain/follow-up/follow-up.ts';
import type { Candidate, Interaction, Named, RouteSummary } from '../domain/interaction/interaction.ts';

/** What a client's card shows: the client as the CRM has it, and the last interactions, newest first. */
export interface ClientCard extends Client {
  readonly recent: readonly Interaction[];
}

/** An interaction with everything that its screen-pop shows. */
export interface ScreenPop {
  readonly interaction: Interaction;
  /** Null where the client is unknown, or the card could not be read. */
  readonly client: ClientCard | null;
  readonly candidates: readonly Candidate[];
  readonly route: RouteSummary | null;
}

/** Something that is wrong: every desk shows it, except `mass-reading`, which only supervisors and administrators see. */
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
  /** What is wrong with a connection, in English. For `mass-reading`, the login. */
  readonly reason: string | null;
  /** What is wrong with a connection, as a code. */
  readonly stateReason: Reason | null;
  /** Letters and messages that wait for a connection. */
  readonly waiting: number | null;
}

/** A command to a call, as a desk sees it. */
export interface DeskCommand {
  readonly id: string;
  readonly interaction: string;
  readonly action: CallAction;
  readonly state: CommandState;
  /** Why the PBX did not do it, in English, and as a code. */
  readonly problem: string | null;
  readonly problemReason: Reason | null;
}

/** Messages from the server. `seq` grows per manager; messages without it are not repeated by `resume`. */
export type ServerMessage =
  /**
   * `calls`: the calls that ring or are talked at this manager now. They have rung before: show their cards, but don't alert.
   * They are not sent as `pop`, because programs alert on that, and because a `pop` has a number of its own in the desk's log.
   */
  | {
      readonly type: 'hello';
      readonly manager: Named | null;
      readonly seq: number;
      readonly calls: readonly ScreenPop[];
    }
  | ({ readonly type: 'pop'; readonly seq: number } & ScreenPop)
  | { readonly type: 'update'; readonly seq: number; readonly interaction: Interaction }
  | { readonly type: 'reset'; readonly seq: number }
  /** A lead of the pool is new or has changed. Not repeated by `resume`: read `GET /leads` after a reconnect. */
  | { readonly type: 'lead'; readonly lead: Lead }
  /** A task of this manager or of nobody is new or has changed. Not repeated by `resume`: read `GET /tasks`. */
  | { readonly type: 'task'; readonly task: Task }
  /** States of telephones: all managers if `whole`, else those whose state has changed. */
  | { readonly type: 'presence'; readonly whole: boolean; readonly managers: readonly Presence[] }
  | { readonly type: 'alarm'; readonly alarms: readonly DeskAlarm[] }
  /** The client of the conversation that the page has reported as `opened` is writing. Hide it after some seconds, or when a message comes. */
  | { readonly type: 'typing'; readonly thread: string }
  /** Something in that conversation has changed, and the manager gets no `update` of it: read it again. */
  | { readonly type: 'conversation'; readonly thread: string }
  | { readonly type: 'bye'; readonly reason: 'restart' }
  /** `interaction`: the state after the decision. For an interaction of no manager it is the only report of the change. */
  | { readonly type: 'ok'; readonly ref: string | null; readonly interaction?: Interaction }
  /** How a command to a call ended. */
  | { readonly type: 'command'; readonly ref: string | null; readonly command: DeskCommand }
  | { readonly type: 'error'; readonly ref: string | null; readonly code: string; readonly message: string };

const ref = Type.Optional(Type.String({ maxLength: 64 }));
const interaction = Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' });
const strict = { additionalProperties: false } as const;

/** Messages that a desk may send. */
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
  Type.Object(
    {
      type: Type.Literal('command'),
      ref,
      interaction,
      action: Type.Enum([...commandActions]),
      to: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    },
    strict,
  ),
  /** The page shows the conversation of this contact, the client's latest. */
  Type.Object({ type: Type.Literal('opened'), ref, interaction }, strict),
  /** The operator is writing an answer to this contact. Send it every few seconds while that goes on. */
  Type.Object({ type: Type.Literal('typing'), ref, interaction }, strict),
]);

/** A validated message of a desk. */
export type ClientMessage = Static<typeof ClientMessageSchema>;

/** Parses a desk's message. An invalid one keeps its `ref` if that can be read, so that the error can name it. */
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
