import type { IncomingHttpHeaders } from 'node:http';

/** The headers of a request that goes on in a session, or begins one. */
export type SessionHeaders = Readonly<Record<string, string>>;

const start: SessionHeaders = { ibsession: 'start' };
const cookiePattern = /(?:^|[;,\s])ibsession=([A-Za-z0-9-]{1,100})/i;

/**
 * Sessions of the base that go on from one request to the next, by `IBSession` and its cookie: beginning a session takes
 * longer than most requests. That OData honours it, as web services do, is not documented.
 */
export class KeptSessions {
  readonly #free: string[] = [];

  /** The headers of the next request. It has the session for itself until {@link give}. */
  take(): SessionHeaders {
    const session = this.#free.pop();
    return session === undefined ? start : { cookie: `ibsession=${session}` };
  }

  /** Keeps the session of a request that went well. */
  give(taken: SessionHeaders, { 'set-cookie': given = [] }: IncomingHttpHeaders): void {
    const session = cookiePattern.exec([given].flat().join('; ') || (taken.cookie ?? ''))?.[1];
    if (session !== undefined) this.#free.push(session);
  }
}
