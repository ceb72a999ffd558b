import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';

/**
 * A request of an outside service to `/api/v1/hooks/{connection}`. The body is unmodified, because signatures cover
 * its bytes.
 */
export interface HookRequest {
  readonly method: string;
  /** The last value of each parameter. */
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** The answer to the service. */
export interface HookAnswer {
  readonly status: number;
  /** `text/plain` by default. */
  readonly type?: string;
  readonly body?: string | Readable;
  /** Further headers. A content security policy replaces that of our pages, also in whether the answer may be framed. */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * A connector that outside services call. It verifies the caller, and answers only after the contact is stored
 * durably. Requests may reach any instance, even one on which the connector is not running.
 */
export interface HookReceiver {
  receive(request: HookRequest): Promise<HookAnswer>;
}

/** Whether a connector receives webhooks. */
export function isHookReceiver(connector: object): connector is HookReceiver {
  return 'receive' in connector;
}
