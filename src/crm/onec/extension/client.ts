import { Compile } from 'typebox/compile';
import type { HttpClient, HttpRequest } from '../../../runtime/http/client.ts';
import { fields, parseJson } from '../../../runtime/http/fields.ts';
import { retryAfter } from '../../../runtime/http/retry-after.ts';
import type { Urgency } from '../../shared/budget.ts';
import {
  messages,
  type RemoteClient,
  type RemoteClients,
  type RemoteInteraction,
  type RemoteNotification,
  type RemotePing,
  type RemoteUsers,
  type RemoteWritten,
} from './contract.ts';
import { extensionError, unreadable } from './errors.ts';

/** Larger answers are errors, in bytes: a page of clients has at most 1,000 of them. */
const largestAnswer = 16 * 1024 * 1024;

/** Dependencies of an {@link ExtensionClient}. */
export interface ExtensionParts {
  readonly http: HttpClient;
  /** The address of the service, with a slash at the end: `https://1c/base/hs/commgw/v1/`. */
  readonly root: string;
  /** The header of the base's user. */
  readonly authorization: string;
  /** The sessions that the base gives us; each request takes one. */
  readonly sessions: { take(urgency: Urgency, signal: AbortSignal): Promise<() => void> };
}

/** How a request is made. */
export interface ExtensionCall {
  readonly signal: AbortSignal;
  /** `usual` by default. */
  readonly urgency?: Urgency;
  /** Time limit in milliseconds; by default the configured one. */
  readonly timeout?: number;
}

const validators = {
  Ping: Compile(messages.Ping),
  ClientsPage: Compile(messages.ClientsPage),
  ClientsFound: Compile(messages.ClientsFound),
  Users: Compile(messages.Users),
  Written: Compile(messages.Written),
  Notified: Compile(messages.Notified),
};

/** Speaks to our extension in a base of 1C. All requests may be repeated. Rejects with a ServiceError. */
export class ExtensionClient {
  readonly #parts: ExtensionParts;

  constructor(parts: ExtensionParts) {
    this.#parts = parts;
  }

  /** What is installed there. */
  ping(call: ExtensionCall): Promise<RemotePing> {
    return this.#get('ping', validators.Ping, call);
  }

  /** The clients after a cursor; an empty one begins with all. */
  clients(cursor: string, limit: number, call: ExtensionCall): Promise<RemoteClients> {
    const query = new URLSearchParams({ ...(cursor === '' ? {} : { cursor }), limit: String(limit) });
    return this.#get(`clients?${query.toString()}`, validators.ClientsPage, call);
  }

  /** The clients with a number (E.164), at most 20. */
  async byPhone(phone: string, call: ExtensionCall): Promise<readonly RemoteClient[]> {
    const found = await this.#get(`clients/by-phone?phone=${encodeURIComponent(phone)}`, validators.ClientsFound, call);
    return found.items;
  }

  /** The clients with an address, at most 20. */
  async byEmail(email: string, call: ExtensionCall): Promise<readonly RemoteClient[]> {
    const found = await this.#get(`clients/by-email?email=${encodeURIComponent(email)}`, validators.ClientsFound, call);
    return found.items;
  }

  /** The users of the base. */
  users(call: ExtensionCall): Promise<RemoteUsers> {
    return this.#get('users', validators.Users, call);
  }

  /** Writes the latest state of an interaction. The base keeps one document for its id. */
  write(interaction: RemoteInteraction, call: ExtensionCall): Promise<RemoteWritten> {
    return this.#post('interactions', interaction, validators.Written, call);
  }

  /** Shows a call to a user. Resolves to whether somebody looks: the user's form has been open within the last minute. */
  async notify(notification: RemoteNotification, call: ExtensionCall): Promise<boolean> {
    const { listening } = await this.#post('notifications', notification, validators.Notified, call);
    return listening;
  }

  #get<Value>(path: string, validator: Validator<Value>, call: ExtensionCall): Promise<Value> {
    return this.#request({ method: 'GET', url: `${this.#parts.root}${path}` }, validator, call);
  }

  #post<Value>(
    path: string,
    body: RemoteInteraction | RemoteNotification,
    validator: Validator<Value>,
    call: ExtensionCall,
  ): Promise<Value> {
    const request = { method: 'POST', url: `${this.#parts.root}${path}`, body: JSON.stringify(body) } as const;
    return this.#request(request, validator, call);
  }

  async #request<Value>(
    request: HttpRequest,
    validator: Validator<Value>,
    { signal, urgency = 'usual', timeout }: ExtensionCall,
  ): Promise<Value> {
    const { http, authorization, sessions } = this.#parts;
    const landed = await sessions.take(urgency, signal);
    try {
      const { status, headers, body } = await http.request({
        ...request,
        headers: {
          authorization,
          accept: 'application/json',
          ...(request.body !== undefined && { 'content-type': 'application/json; charset=utf-8' }),
        },
        signal,
        ...(timeout !== undefined && { timeout }),
        cutAt: largestAnswer,
      });
      const value = parseJson(body);
      const trouble = extensionError(fields(value), status, retryAfter(headers, Date.now()));
      if (trouble !== null) throw trouble;
      if (!validator.Check(value)) throw unreadable();
      return value;
    } finally {
      landed();
    }
  }
}

interface Validator<Value> {
  Check(value: unknown): value is Value;
}
