import type { Reason } from '../base/reason.ts';
import type { AccountRef, Interaction } from '../interaction/interaction.ts';
import { reason } from '../reasons/reasons.ts';
import { conversationName } from '../written/conversation-state.ts';
import { type AnswerWindow, takesText, windowEnd } from './answer-window.ts';

/** A connection that can send messages. */
export interface WayConnection {
  readonly connection: string;
  readonly provider: string;
  /** Whom it can start a conversation with. */
  readonly to: 'phone' | 'account';
  readonly window?: AnswerWindow;
  /** Why nobody can be written to before they write or do something else. */
  readonly unreached?: Reason;
}

/** A way to write to somebody by a messenger, or why there is none. */
export interface Way {
  readonly connection: string;
  readonly provider: string;
  /** The number or the account's name; null if neither is known. */
  readonly to: string | null;
  /** The number to begin with, if there is no conversation yet. */
  readonly phone: string | null;
  /** The message to answer, if there is a conversation. */
  readonly interaction: string | null;
  readonly thread: string | null;
  /** What the service takes now. */
  readonly takes: 'text' | 'template' | 'nothing';
  /** Whether templates can be sent. */
  readonly templates: boolean;
  /** Until when the service takes free text, in milliseconds; null: always, or not now. */
  readonly until: number | null;
  /** Why the service takes nothing, or only templates, or may refuse. */
  readonly reason: Reason | null;
}

/** A conversation by a messenger. */
interface Known {
  readonly thread: string;
  readonly account: AccountRef;
  readonly phone: string | null;
  readonly name: string;
  readonly answer: string;
  readonly lastAt: string | null;
  readonly trouble: Reason | null;
}

/** Refusals that will probably be repeated, unless the client does something. */
const lasting: ReadonlySet<string> = new Set([
  'blockedUs',
  'writingForbidden',
  'chatGone',
  'accountGone',
  'notOnService',
  'neverWrote',
]);
const maxWays = 50;

/** The ways to write to somebody: each known conversation and number, by each connection. `messages`: what is known, newest first. */
export function waysTo(
  connections: readonly WayConnection[],
  known: { readonly phones: readonly string[]; readonly messages: readonly Interaction[] },
  now: number,
): readonly Way[] {
  const conversations = conversationsIn(known.messages);
  return connections
    .flatMap((via) => {
      const own = conversations.filter(({ account }) => account.connection === via.connection);
      const reached = new Set(own.map(({ phone }) => phone));
      const numbers = via.to === 'phone' ? known.phones.filter((phone) => !reached.has(phone)) : [];
      const ways = [...own.map((one) => continuing(via, one, now)), ...numbers.map((one) => beginning(via, one, now))];
      return ways.length > 0 ? ways : [none(via)];
    })
    .slice(0, maxWays);
}

/** When a client's latest message came by a connection; null if none is known. Notices of the messenger don't count. */
export function lastMessageAt(messages: readonly Interaction[], connection: string): string | null {
  const times = messages
    .filter((one) => isTheirs(one) && one.party.account?.connection === connection)
    .map(({ startedAt }) => startedAt);
  return times.sort().at(-1) ?? null;
}

function isTheirs({ direction, automatic }: Interaction): boolean {
  return direction === 'inbound' && automatic === null;
}

function conversationsIn(messages: readonly Interaction[]): readonly Known[] {
  const threads = new Map<string, Interaction[]>();
  for (const one of messages) {
    if (one.party.account === null || one.mergedInto !== null) continue;
    const name = conversationName(one);
    threads.set(name, [...(threads.get(name) ?? []), one]);
  }
  return [...threads].flatMap(([thread, own]) => {
    const [latest] = own;
    const account = latest?.party.account ?? null;
    if (latest === undefined || account === null) return [];
    const theirs = own.find(isTheirs);
    const { phone, name } = (theirs ?? latest).party;
    const { problemReason } = latest;
    return [
      {
        thread,
        account,
        phone,
        name: phone ?? (account.username === null ? (name ?? account.id) : `@${account.username}`),
        answer: (theirs ?? latest).id,
        lastAt: theirs?.startedAt ?? null,
        trouble: problemReason != null && lasting.has(problemReason.code) ? problemReason : null,
      },
    ];
  });
}

function continuing(via: WayConnection, known: Known, now: number): Way {
  const { thread, phone, name, answer, lastAt, trouble } = known;
  const own = { to: name, phone, interaction: answer, thread };
  const way = limited(via, own, lastAt, now);
  return way.reason === null ? { ...way, reason: trouble } : way;
}

function beginning(via: WayConnection, phone: string, now: number): Way {
  return limited(via, { to: phone, phone, interaction: null, thread: null }, null, now);
}

function limited(
  { connection, provider, window }: WayConnection,
  own: Pick<Way, 'to' | 'phone' | 'interaction' | 'thread'>,
  lastAt: string | null,
  now: number,
): Way {
  const templates = window?.after.includes('templates') ?? false;
  const way = { connection, provider, ...own, templates };
  // Text that the connection wraps in a template is always taken.
  const isLimited = window !== undefined && !window.after.includes('wraps');
  const until = isLimited ? windowEnd(window, lastAt) : null;
  if (takesText(window, lastAt, now)) return { ...way, takes: 'text', until, reason: null };
  if (templates) return { ...way, takes: 'template', until: null, reason: reason('windowClosed', { provider }) };
  return { ...way, takes: 'nothing', until: null, reason: reason('templatesUnset', { provider }) };
}

function none({ connection, provider, to, unreached }: WayConnection): Way {
  const why = to === 'phone' ? reason('noPhoneKnown') : (unreached ?? reason('neverWrote', { provider }));
  const unknown = { to: null, phone: null, interaction: null, thread: null, until: null };
  return { connection, provider, ...unknown, takes: 'nothing', templates: false, reason: why };
}
