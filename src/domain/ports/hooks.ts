import type { IncomingHttpHeaders } from 'node:http';

/** A request of an outside service to `/api/v1/hooks/{connection}`, as it came: signatures are over these bytes. */
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
  readonly body?: string;
}

/**
 * A connector that outside services call. It authenticates the caller and answers only when the input is safe. Calls may reach any
 * instance, including those where the connector is not started.
 */
export interface HookReceiver {
  receive(request: HookRequest): Promise<HookAnswer>;
}

/** Whether a connector takes webhooks. */
export function isHookReceiver(connector: object): connector is HookReceiver {
  return 'receive' in connector;
}
