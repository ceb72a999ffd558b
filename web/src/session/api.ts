import type { ClientCard, DeskAlarm } from '../../../src/desk/protocol.ts';
import type { CallAction } from '../../../src/domain/call/call-command.ts';
import type { Client } from '../../../src/domain/directory/client.ts';
import type { Lead, TaskView } from '../../../src/domain/follow-up/follow-up.ts';
import type { Interaction, Named } from '../../../src/domain/interaction/interaction.ts';
import type { UndeliverableAddress } from '../../../src/domain/written/undeliverable.ts';
import type { CommandView } from '../../../src/outbound/call-commands.ts';

/** The logged-in user. */
export interface Account {
  readonly login: string;
  readonly role: string;
  readonly manager: Named | null;
  /** The manager's first extension, and department. */
  readonly extension: string | null;
  readonly department: string | null;
  /** Whether a PBX can ring this user's telephone for a call. */
  readonly calls: boolean;
  /** Whether there are messengers to write by. */
  readonly messengers: boolean;
  /** What the PBXs can do to calls under way. */
  readonly controls: readonly CallAction[];
  /** IANA time zone of the company. */
  readonly timezone: string;
  /** Milliseconds for which what one sends can be taken back. */
  readonly undo: number;
  /** Name of the company. */
  readonly company: string;
}

/** A refused request: the HTTP status, and the code of the first error in the answer, if any. */
export class RefusedError extends Error {
  readonly status: number;
  readonly code: string | null;

  constructor(status: number, code: string | null) {
    super(`the server answered ${status}`);
    this.status = status;
    this.code = code;
  }
}

/** Calls the API. Throws {@link RefusedError} if the request is refused. */
export async function call<T>(path: string, init: RequestInit = {}): Promise<T> {
  const response = await fetch(`/api/v1${path}`, { ...init, credentials: 'same-origin' });
  if (!response.ok) throw new RefusedError(response.status, await codeOf(response));
  return (response.status === 204 ? null : await response.json()) as T;
}

async function codeOf(response: Response): Promise<string | null> {
  try {
    const { errors } = (await response.json()) as { readonly errors?: readonly { readonly code: string }[] };
    return errors?.[0]?.code ?? null;
  } catch {
    return null;
  }
}

/** Posts JSON. */
export function post<T>(path: string, body: unknown): Promise<T> {
  return call(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
}

/** The account of this browser's session, or null. */
export async function currentAccount(): Promise<Account | null> {
  try {
    return await call<Account>('/session');
  } catch (error) {
    if (error instanceof RefusedError && error.status === 401) return null;
    throw error;
  }
}

export const logIn = (login: string, password: string) => post<Account>('/session', { login, password });
export const logOut = () => call<null>('/session', { method: 'DELETE' });
export const setUp = (code: string, login: string, password: string) =>
  post<Account>('/setup', { code, login, password });

/** One page of a listing. */
export interface Listing<T> {
  readonly items: readonly T[];
  readonly next?: string | null;
}

const maxPages = 5;

/** A manager's calls since a moment, at most the newest five hundred. */
export async function callsSince(manager: string, since: Date): Promise<readonly Interaction[]> {
  const query = new URLSearchParams({ manager, channel: 'call', since: since.toISOString(), limit: '100' });
  const calls: Interaction[] = [];
  for (let page = 0; page < maxPages; page += 1) {
    const { items, next } = await call<Listing<Interaction>>(`/interactions?${query}`);
    calls.push(...items);
    if (next == null) break;
    query.set('cursor', next);
  }
  return calls;
}

/** Contacts in whose texts, names or notes the words of a question occur, newest first. */
export async function searchContacts(
  question: string,
  cursor: string | null,
): Promise<{ items: readonly Interaction[]; next: string | null }> {
  const query = new URLSearchParams({ q: question, limit: '30', ...(cursor !== null && { cursor }) });
  const { items, next = null } = await call<Listing<Interaction>>(`/interactions?${query}`);
  return { items, next };
}

/** A client with its last interactions; null if it does not exist. */
export async function clientCard(id: string): Promise<ClientCard | null> {
  try {
    const [client, recent] = await Promise.all([
      call<Client>(`/clients/${encodeURIComponent(id)}`),
      call<Listing<Interaction>>(`/interactions?${new URLSearchParams({ client: id, limit: '20' })}`),
    ]);
    return { ...client, recent: recent.items };
  } catch (error) {
    if (error instanceof RefusedError && error.status === 404) return null;
    throw error;
  }
}

/** Finds clients by words of their names, or by a telephone number. */
export async function findClients(text: string): Promise<readonly Client[]> {
  const phone = /^[\d\s()+-]{7,}$/.test(text);
  const query = new URLSearchParams({ [phone ? 'phone' : 'q']: text, limit: '8' });
  return (await call<Listing<Client>>(`/clients?${query}`)).items;
}

/** Clients that have a telephone number or e-mail address. */
export async function ownersOf(kind: 'phone' | 'email', value: string): Promise<readonly Named[]> {
  const query = new URLSearchParams({ [kind]: value });
  const found = await call<{ client: Named | null; candidates: readonly { client: Named }[] }>(`/match?${query}`);
  return found.client === null ? found.candidates.map(({ client }) => client) : [found.client];
}

/** Kinds of the configured connections (`asterisk`, `mail`, …) by their names. */
export async function connectionKinds(): Promise<Readonly<Record<string, string>>> {
  const { items } = await call<Listing<{ readonly connection: string; readonly kind: string }>>('/connections');
  return Object.fromEntries(items.map(({ connection, kind }) => [connection, kind]));
}

export const currentAlarms = async () => (await call<Listing<DeskAlarm>>('/alarms')).items;

/** An interaction by its id; null if it does not exist. */
export async function interactionOf(id: string): Promise<Interaction | null> {
  try {
    return await call<Interaction>(`/interactions/${id}`);
  } catch (error) {
    if (error instanceof RefusedError && error.status === 404) return null;
    throw error;
  }
}

/** The last fifty messages of a conversation, oldest first. */
export async function conversation(thread: string): Promise<readonly Interaction[]> {
  const query = new URLSearchParams({ thread, limit: '50' });
  return [...(await call<Listing<Interaction>>(`/interactions?${query}`)).items].reverse();
}

/** A manager's latest letters, messages and forms. */
export async function writtenTo(manager: string): Promise<readonly Interaction[]> {
  const of = (channel: string) =>
    call<Listing<Interaction>>(`/interactions?${new URLSearchParams({ manager, channel, limit: '40' })}`);
  const pages = await Promise.all(['message', 'email', 'form'].map(of));
  return pages.flatMap(({ items }) => items);
}

/** A manager, as colleagues see them. */
export interface Colleague extends Named {
  readonly department: string | null;
}

/** All managers. */
export const colleagues = async () => (await call<Listing<Colleague>>('/managers')).items;
export const handOver = (id: string, to: string, note: string) =>
  post<Interaction>(`/interactions/${id}/handover`, { to, ...(note !== '' && { note }) });
export const closeConversation = (id: string) => call<Interaction>(`/interactions/${id}/close`, { method: 'POST' });

/** The mark of an address whose letters bounce, or null. */
export async function undeliverableMark(email: string): Promise<UndeliverableAddress | null> {
  const { items } = await call<Listing<UndeliverableAddress>>(`/undeliverable?${new URLSearchParams({ email })}`);
  return items[0] ?? null;
}

/** All addresses whose letters bounce; only for users who see the whole company. */
export const undeliverableAddresses = async () =>
  (await call<Listing<UndeliverableAddress>>('/undeliverable?limit=200')).items;

/** Clears the mark of an address. */
export const clearUndeliverable = (email: string) =>
  call<null>(`/undeliverable/${encodeURIComponent(email)}`, { method: 'DELETE' });

/** An attachment, base64-encoded. */
export interface OutgoingFile {
  readonly name: string;
  readonly mime: string;
  readonly content: string;
}

/** An answer to an interaction by its own channel, or a letter to an address. Repeating a `key` sends nothing twice. */
export interface Outgoing {
  readonly interaction?: string;
  /** Quotes the message that it answers. */
  readonly quote?: boolean;
  readonly to?: string;
  /** The connection to send by. */
  readonly connection?: string;
  /** The template to send instead of a text. */
  readonly template?: {
    readonly name: string;
    readonly language: string;
    readonly values: Readonly<Record<string, string>>;
  };
  /** The letter to pass on. */
  readonly forward?: string;
  readonly cc?: readonly string[];
  readonly bcc?: readonly string[];
  readonly subject?: string;
  readonly text: string;
  /** The same with formatting, for a letter. */
  readonly html?: string;
  readonly attachments?: readonly OutgoingFile[];
  /** When to send it, RFC 3339; else it can be taken back for a moment. */
  readonly sendAt?: string;
  readonly key: string;
}

export const write = (message: Outgoing) =>
  post<Interaction>('/messages', { ...message, ...(message.sendAt === undefined && { undo: true }) });
/** The HTML of a letter, made safe by the server. */
export async function letterHtml(id: string): Promise<string> {
  const response = await fetch(`/api/v1/interactions/${id}/html`, { credentials: 'same-origin' });
  if (!response.ok) throw new RefusedError(response.status, null);
  return new DOMParser().parseFromString(await response.text(), 'text/html').body.innerHTML;
}

/** Takes a message back that has not begun to leave. */
export const cancelMessage = (id: string) => call<Interaction>(`/messages/${id}/cancel`, { method: 'POST' });
/** Sends a postponed message at once. */
export const sendNow = (id: string) => call<Interaction>(`/messages/${id}/send-now`, { method: 'POST' });
/** Calls a number by the user's own telephone. Repeating a `key` calls only once. */
export const callPhone = (wish: { readonly phone: string; readonly interaction?: string; readonly key: string }) =>
  post<Interaction>('/calls', wish);
/** Acts on a call under way, and resolves with how that ended. */
export const commandCall = (id: string, command: { readonly action: CallAction; readonly to?: string }) =>
  post<CommandView>(`/calls/${id}/commands`, command);
/** Rings a supervisor's own telephone, which then hears the call. */
export const listenTo = (id: string, whisper: boolean) => post<CommandView>(`/calls/${id}/listen`, { whisper });
/** Rings one's own telephone, and connects it with the call that rings at a colleague. */
export const pickUp = (colleague: string) => post<CommandView>('/calls/pick-up', { colleague });
export const sendAgain = (id: string) => call<Interaction>(`/messages/${id}/resend`, { method: 'POST' });

/** Open tasks of a manager and of nobody, the most urgent first. */
export async function openTasks(manager: string): Promise<readonly TaskView[]> {
  const all = (await call<Listing<TaskView>>('/tasks?state=open&limit=200')).items;
  const mine = all.filter((task) => task.manager === null || task.manager.id === manager);
  return mine.sort((a, b) => (a.dueAt ?? '9').localeCompare(b.dueAt ?? '9'));
}

export const openLeads = async () => (await call<Listing<Lead>>('/leads?state=open&limit=50')).items;
export const takeLead = (id: string) => call<Lead>(`/leads/${id}/take`, { method: 'POST' });
export const finishTask = (id: string) => call<TaskView>(`/tasks/${id}/done`, { method: 'POST' });
