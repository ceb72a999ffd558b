import { lookup } from 'node:dns/promises';
import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { type Dispatcher, request } from 'undici';
import { reason } from '../../domain/reasons/reasons.ts';
import { Networks } from '../networks.ts';
import { checkHost, ForbiddenAddressError, guardedLookup, isPublicAddress } from '../public-address.ts';
import { trusting } from './authorities.ts';
import { type Connections, dispatcherFor, type Reach } from './dispatchers.ts';
import { ServiceError } from './service-error.ts';
import type { ReachSettings } from './settings.ts';
import { requestTrouble } from './trouble.ts';

/** A request. */
export interface HttpRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Readable;
  /** Breaks it off; without one only the time limit does. */
  readonly signal?: AbortSignal;
  /** The service named the URL: it must lead into the public internet, to the service's own root, or to one of `allowNetworks`. */
  readonly named?: boolean;
  /** Milliseconds for all of it; the setting's by default. */
  readonly timeout?: number;
  /** An answer longer than so many bytes is cut there; by default one of more than 2 MB is trouble. */
  readonly cutAt?: number;
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

/**
 * Speaks HTTP to one service: time limits, sizes, proxy and authorities of its own; trouble is a {@link ServiceError}. Redirects
 * are followed for files alone, and only to where {@link HttpRequest.named} may lead.
 */
export class HttpClient {
  readonly #service: string;
  readonly #settings: ReachSettings;
  /** Host and port of the configured root; it is trusted wherever it is. */
  readonly #root: string | null;
  readonly #connections: Connections;
  readonly #allowed: (address: string) => boolean;
  #dispatcher: Dispatcher | null = null;
  #guarded: Dispatcher | null = null;

  /** `service`: what it is called in errors; `root`: the URL it is configured with. Reads nothing before the first request. */
  constructor(
    service: string,
    settings: ReachSettings,
    root: string | null = null,
    connections: Connections = 'fresh',
  ) {
    this.#service = service;
    this.#settings = settings;
    this.#root = root !== null && URL.canParse(root) ? new URL(root).host : null;
    this.#connections = connections;
    const networks = new Networks(settings.allowNetworks ?? []);
    this.#allowed = (address) => networks.has(address) || isPublicAddress(address);
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
      const { statusCode, headers, body } = await this.#send(asked, new URL(asked.url));
      const { cutAt = largestAnswer } = asked;
      const chunks: Buffer[] = [];
      let size = 0;
      for await (const chunk of body) {
        chunks.push(chunk as Buffer);
        size += (chunk as Buffer).byteLength;
        // Leaving the loop destroys the body and with it the connection.
        if (size > cutAt) break;
      }
      if (size > cutAt && asked.cutAt === undefined)
        throw new ServiceError('unknown', reason('answerTooLong', { service: this.#service, bytes: largestAnswer }));
      return { status: statusCode, headers, body: Buffer.concat(chunks).subarray(0, cutAt).toString('utf8') };
    } catch (error) {
      throw requestTrouble(this.#service, error);
    }
  }

  /** Opens a file whose address the outside named. Follows redirects, without our headers where another host is meant. Rejects for any status but 200. */
  async open(url: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Readable> {
    try {
      let at = new URL(url);
      let own: Readonly<Record<string, string>> = headers;
      for (let hop = 0; hop <= mostRedirects; hop += 1) {
        const { statusCode, headers, body } = await this.#send(
          { url: at.href, headers: own, signal, named: true, timeout: this.timeout * 4 },
          at,
        );
        if (statusCode === 200) return body;
        body.on('error', () => undefined).destroy();
        const { location } = headers;
        if (statusCode < 300 || statusCode >= 400 || typeof location !== 'string') throw this.#noFile(statusCode);
        const next = new URL(location, at);
        if (next.host !== at.host) own = {};
        at = next;
      }
      throw new ServiceError('refused', reason('fileTooManyRedirects', { service: this.#service }));
    } catch (error) {
      throw requestTrouble(this.#service, error);
    }
  }

  async #send(asked: HttpRequest, url: URL): Promise<Dispatcher.ResponseData> {
    const { method = 'GET', headers, body = null } = asked;
    if (url.protocol !== 'https:' && url.protocol !== 'http:')
      throw new ServiceError('refused', reason('addressNotHttp', { service: this.#service }));
    const limit = AbortSignal.timeout(asked.timeout ?? this.timeout);
    const signal = asked.signal === undefined ? limit : AbortSignal.any([asked.signal, limit]);
    const dispatcher = asked.named === true ? await this.#dispatcherTo(url) : this.#own;
    const answered = request(url, {
      method,
      headers: { 'user-agent': 'Patchbay', accept: '*/*', ...headers },
      body,
      dispatcher,
      signal,
    });
    return settledWith(answered, signal);
  }

  get #own(): Dispatcher {
    this.#dispatcher ??= dispatcherFor(this.#reach);
    return this.#dispatcher;
  }

  get #reach(): Reach {
    const { proxy = null, ca } = this.#settings;
    return { proxy, trusted: trusting(ca), connections: this.#connections, timeout: this.timeout };
  }

  /** How to go where the service pointed; rejects with a {@link ForbiddenAddressError} where that may not be. */
  async #dispatcherTo({ host, hostname }: URL): Promise<Dispatcher> {
    if (host === this.#root) return this.#own;
    checkHost(hostname, this.#allowed);
    if (this.#settings.proxy === undefined) {
      this.#guarded ??= dispatcherFor({ ...this.#reach, lookup: guardedLookup(this.#allowed) });
      return this.#guarded;
    }
    // The proxy looks names up by itself, and is the one who can refuse what only it knows: we refuse what we know to lead inside.
    const found = await lookup(hostname.replace(/^\[|\]$/g, ''), { all: true }).catch(() => []);
    if (isInsideName(hostname) || !found.every(({ address }) => this.#allowed(address)))
      throw new ForbiddenAddressError(hostname);
    return this.#own;
  }

  #noFile(status: number): ServiceError {
    const trouble = status === 429 || status >= 500 ? 'later' : status === 401 || status === 403 ? 'access' : 'refused';
    return new ServiceError(trouble, reason('fileNotGiven', { service: this.#service, status }));
  }
}

/** What was asked, or the signal's reason at once: undici heeds the signal only once a connection is open. */
function settledWith<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** Names that are nowhere in the public internet. */
function isInsideName(hostname: string): boolean {
  return !/[.:]/.test(hostname) || /(^|\.)(localhost|local|internal|intranet|lan|home\.arpa)\.?$/i.test(hostname);
}
