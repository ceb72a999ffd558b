import { lookup } from 'node:dns/promises';
import { readFileSync } from 'node:fs';
import http, { type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import https from 'node:https';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Static, Type } from 'typebox';
import { cleanText } from '../../domain/directory/identifiers.ts';
import { Networks } from '../../runtime/networks.ts';
import { checkHost, ForbiddenAddressError, guardedLookup, isPublicAddress } from '../../runtime/public-address.ts';
import { ServiceError } from './errors.ts';
import { type Agents, agentsFor, proxyRefused, type Reach } from './tunnel-agent.ts';

/** Settings of every connector that speaks HTTP to a service. */
export const reachSettings = {
  proxy: Type.Optional(
    Type.String({
      pattern: '^http://[^\\s]+$',
      description: 'Proxy that knows CONNECT: `http://[user:password@]host:port`.',
    }),
  ),
  ca: Type.Optional(
    Type.String({
      minLength: 1,
      description: 'PEM file of certificate authorities trusted beside the well-known ones.',
    }),
  ),
  allowNetworks: Type.Optional(
    Type.Array(Type.String({ format: 'network' }), {
      maxItems: 100,
      description:
        'Networks like 10.0.0.0/8 that addresses named from outside (of files, for uploads) may lead to, beside the public internet.',
    }),
  ),
  timeout: Type.Integer({ minimum: 1, maximum: 300, default: 30, description: 'Seconds for one request.' }),
  largestFile: Type.Integer({ minimum: 1, maximum: 2048, default: 25, description: 'Largest file kept, in MB.' }),
} as const;
const Settings = Type.Object(reachSettings);
/** The same, checked. */
export type ReachSettings = Static<typeof Settings>;

/** A request. */
export interface HttpRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Readable;
  readonly signal: AbortSignal;
  /** The service named the URL: it must lead into the public internet, to the service's own root, or to one of `allowNetworks`. */
  readonly named?: boolean;
  /** Milliseconds for all of it; the setting's by default. */
  readonly timeout?: number;
}

/** An answer, whole. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What an API answers is far below; anything longer is trouble of its own. */
const largestAnswer = 2 * 1024 * 1024;
const mostRedirects = 3;
const longestAskedWait = 3_600_000;
/** The request can't have arrived. */
const neverLeft =
  /^(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EPROXY|CERT_.*|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_.*|ERR_TLS_.*)$/;

/** No known authority stands for the certificate. */
const untrusted =
  /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT(_LOCALLY)?))$/;

/** Speaks HTTP to one service: time-outs, sizes, proxy and authorities of its own; trouble is a {@link ServiceError}. */
export class HttpClient {
  readonly #service: string;
  readonly #settings: ReachSettings;
  /** Host and port of the configured root; it is trusted wherever it is. */
  readonly #root: string | null;
  readonly #allowed: (address: string) => boolean;
  #agents: Agents | null = null;
  #guardedAgents: Agents | null = null;

  /** `service`: what it is called in errors; `root`: the URL it is configured with. Reads nothing before the first request. */
  constructor(service: string, settings: ReachSettings, root: string | null = null) {
    this.#service = service;
    this.#settings = settings;
    this.#root = root !== null && URL.canParse(root) ? new URL(root).host : null;
    const networks = new Networks(settings.allowNetworks ?? []);
    this.#allowed = (address) => networks.has(address) || isPublicAddress(address);
  }

  /** Agents for libraries that bring a client of their own. Throws a {@link ServiceError} where the authorities can't be read. */
  get agents(): Agents {
    this.#agents ??= agentsFor(this.#reach);
    return this.#agents;
  }

  get #reach(): Reach {
    const { proxy = null, ca } = this.#settings;
    return { proxy, ca: ca === undefined ? null : authorities(ca) };
  }

  /** Milliseconds a request may take. */
  get timeout(): number {
    return this.#settings.timeout * 1000;
  }

  /** Bytes of the largest file that is kept. */
  get largestFile(): number {
    return this.#settings.largestFile * 1024 * 1024;
  }

  /** Asks; the answer is whole and may be of any status. */
  async request(asked: HttpRequest): Promise<HttpAnswer> {
    try {
      const response = await this.#send(asked, new URL(asked.url));
      const chunks: Buffer[] = [];
      let size = 0;
      for await (const chunk of response) {
        size += (chunk as Buffer).byteLength;
        if (size > largestAnswer)
          throw new ServiceError('unknown', `${this.#service} answered more than ${largestAnswer} bytes`);
        chunks.push(chunk as Buffer);
      }
      return {
        status: response.statusCode ?? 0,
        headers: response.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      };
    } catch (error) {
      throw this.trouble(error);
    }
  }

  /** Opens a file whose address the outside named. Follows redirects, without our headers where another host is meant. Rejects for any status but 200. */
  async open(url: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Readable> {
    try {
      let at = new URL(url);
      let own: Readonly<Record<string, string>> = headers;
      for (let hop = 0; hop <= mostRedirects; hop += 1) {
        const response = await this.#send(
          { url: at.href, headers: own, signal, named: true, timeout: this.timeout * 4 },
          at,
        );
        const { statusCode: status = 0, headers: answered } = response;
        if (status === 200) return response;
        response.destroy();
        const { location } = answered;
        if (status < 300 || status >= 400 || location === undefined) throw this.#noFile(status);
        const next = new URL(location, at);
        if (next.host !== at.host) own = {};
        at = next;
      }
      throw new ServiceError('refused', `${this.#service} led from one place to the next instead of giving a file`);
    } catch (error) {
      throw this.trouble(error);
    }
  }

  /** What broke a request off, in words. */
  trouble(error: unknown): ServiceError {
    if (error instanceof ServiceError) return error;
    if (error instanceof ForbiddenAddressError)
      return new ServiceError(
        'refused',
        `${this.#service} led to a place inside: ${error.message} (allowNetworks lets one in)`,
      );
    const name = error instanceof Error ? error.name : '';
    if (name === 'TimeoutError') return new ServiceError('unknown', `${this.#service} did not answer in time`);
    if (name === 'AbortError') return new ServiceError('unknown', 'the program stopped meanwhile');
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (untrusted.test(code))
      return new ServiceError(
        'unreachable',
        `the certificate of ${this.#service} is not trusted (${code}): where it is of an authority of its own, name that one's PEM file as \`ca\``,
      );
    const words = code === proxyRefused && error instanceof Error ? error.message : code || 'it broke off';
    const reason = `${this.#service} can't be reached: ${cleanText(words, 200)}`;
    return new ServiceError(neverLeft.test(code) ? 'unreachable' : 'unknown', reason);
  }

  async #send(asked: HttpRequest, url: URL): Promise<IncomingMessage> {
    const { method = 'GET', headers, body, signal } = asked;
    const secure = url.protocol === 'https:';
    if (!secure && url.protocol !== 'http:')
      throw new ServiceError('refused', `${this.#service} gave an address that is no http`);
    const agents = asked.named === true ? await this.#agentsTo(url) : this.agents;
    const request = (secure ? https : http).request(url, {
      method,
      headers: {
        'user-agent': 'Patchbay',
        accept: '*/*',
        ...(typeof body === 'string' && { 'content-length': String(Buffer.byteLength(body)) }),
        ...headers,
      },
      agent: secure ? agents.https : agents.http,
      signal: AbortSignal.any([signal, AbortSignal.timeout(asked.timeout ?? this.timeout)]),
    });
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      request.once('response', resolve);
      request.once('error', (error) => reject((signal.aborted ? null : timedOut(error)) ?? error));
    });
    if (body instanceof Readable) {
      // The answer may come before the whole body went: a refusal of the size, say.
      pipeline(body, request).catch((error: unknown) => request.destroy(error as Error));
    } else request.end(body);
    return answered;
  }

  /** Agents to where the service pointed; rejects with a {@link ForbiddenAddressError} where that may not be. */
  async #agentsTo({ host, hostname }: URL): Promise<Agents> {
    if (host === this.#root) return this.agents;
    checkHost(hostname, this.#allowed);
    if (this.#settings.proxy === undefined) {
      this.#guardedAgents ??= agentsFor({ ...this.#reach, lookup: guardedLookup(this.#allowed) });
      return this.#guardedAgents;
    }
    // The proxy looks names up by itself, and is the one who can refuse what only it knows: we refuse what we know to lead inside.
    const found = await lookup(hostname.replace(/^\[|\]$/g, ''), { all: true }).catch(() => []);
    if (isInsideName(hostname) || !found.every(({ address }) => this.#allowed(address)))
      throw new ForbiddenAddressError(hostname);
    return this.agents;
  }

  #noFile(status: number): ServiceError {
    const trouble = status === 429 || status >= 500 ? 'later' : status === 401 || status === 403 ? 'access' : 'refused';
    return new ServiceError(trouble, `${this.#service} did not give the file: HTTP ${status}`);
  }
}

/** Names that are nowhere in the public internet. */
function isInsideName(hostname: string): boolean {
  return !/[.:]/.test(hostname) || /(^|\.)(localhost|local|internal|intranet|lan|home\.arpa)\.?$/i.test(hostname);
}

/** `Retry-After` in milliseconds: seconds or an HTTP date; null when absent or rubbish. */
export function retryAfter(headers: IncomingHttpHeaders, now: number): number | null {
  const header = headers['retry-after'];
  if (header === undefined) return null;
  const wait = /^\d{1,9}$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isFinite(wait) && wait > 0 ? Math.min(wait, longestAskedWait) : null;
}

/** An abort by the time-out's signal says so only in its cause. */
function timedOut(error: Error): Error | null {
  return error.cause instanceof Error && error.cause.name === 'TimeoutError' ? error.cause : null;
}

function authorities(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    throw new ServiceError('access', `the certificate authorities in ${file} can't be read: ${code}`);
  }
}
