import { lookup } from 'node:dns/promises';
import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { type Dispatcher, request } from 'undici';
import { reason } from '../../domain/reasons/reasons.ts';
import { Networks } from '../networks.ts';
import { checkHost, ForbiddenAddressError, guardedLookup, isPublicAddress } from '../public-address.ts';
import { trustOptions } from './authorities.ts';
import { type Connections, dispatcherFor, type Reach } from './dispatchers.ts';
import { ServiceError } from './service-error.ts';
import type { ReachSettings } from './settings.ts';
import { requestTrouble } from './trouble.ts';

/** A request to a service. */
export interface HttpRequest {
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Readable;
  /** Aborts the request; otherwise only the time limit does. */
  readonly signal?: AbortSignal;
  /**
   * The URL came from the service, so it must lead to the public internet, the service's own root, or one of
   * `allowNetworks`.
   */
  readonly externalUrl?: boolean;
  /** Time limit of the whole request in milliseconds; by default the configured one. */
  readonly timeout?: number;
  /** Truncates longer answers to this many bytes. By default, more than 2 MB is an error. */
  readonly cutAt?: number;
}

/** A complete answer. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** API answers are much smaller than this many bytes. */
const maxAnswerBytes = 2 * 1024 * 1024;
const maxRedirects = 3;

/**
 * HTTP client for one service, with its time limits, size limits, proxy and certificate authorities. Failures are
 * {@link ServiceError}s. Redirects are followed only when opening files, and only to where {@link HttpRequest.externalUrl}
 * URLs may lead.
 */
export class HttpClient {
  readonly #service: string;
  readonly #settings: ReachSettings;
  /** Host and port of the configured root, which is trusted wherever it is. */
  readonly #root: string | null;
  readonly #connections: Connections;
  readonly #allowed: (address: string) => boolean;
  #dispatcher: Dispatcher | null = null;
  #guarded: Dispatcher | null = null;

  /** `service` is the name used in errors, `root` the configured URL. Nothing is read before the first request. */
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

  /** Time limit of a request in milliseconds. */
  get timeout(): number {
    return this.#settings.timeout * 1000;
  }

  /** Maximum size of a file in bytes. */
  get largestFile(): number {
    return this.#settings.largestFile * 1024 * 1024;
  }

  /** Makes a request. The answer is complete and may have any status. */
  async request(options: HttpRequest): Promise<HttpAnswer> {
    try {
      const { statusCode, headers, body } = await this.#send(options, new URL(options.url));
      const { cutAt = maxAnswerBytes } = options;
      const chunks: Buffer[] = [];
      let size = 0;
      for await (const chunk of body) {
        chunks.push(chunk as Buffer);
        size += (chunk as Buffer).byteLength;
        // Leaving the loop destroys the body and with it the connection.
        if (size > cutAt) break;
      }
      if (size > cutAt && options.cutAt === undefined)
        throw new ServiceError('unknown', reason('answerTooLong', { service: this.#service, bytes: maxAnswerBytes }));
      return { status: statusCode, headers, body: Buffer.concat(chunks).subarray(0, cutAt).toString('utf8') };
    } catch (error) {
      throw requestTrouble(this.#service, error);
    }
  }

  /**
   * Opens a file at a URL that came from outside. Follows redirects, without our headers if the host changes. Rejects
   * for any status other than 200.
   */
  async open(url: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Readable> {
    try {
      let at = new URL(url);
      let own: Readonly<Record<string, string>> = headers;
      for (let hop = 0; hop <= maxRedirects; hop += 1) {
        const { statusCode, headers, body } = await this.#send(
          { url: at.href, headers: own, signal, externalUrl: true, timeout: this.timeout * 4 },
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

  async #send(options: HttpRequest, url: URL): Promise<Dispatcher.ResponseData> {
    const { method = 'GET', headers, body = null } = options;
    if (url.protocol !== 'https:' && url.protocol !== 'http:')
      throw new ServiceError('refused', reason('addressNotHttp', { service: this.#service }));
    const limit = AbortSignal.timeout(options.timeout ?? this.timeout);
    const signal = options.signal === undefined ? limit : AbortSignal.any([options.signal, limit]);
    const dispatcher = options.externalUrl === true ? await this.#dispatcherTo(url) : this.#own;
    const response = request(url, {
      method,
      headers: { 'user-agent': 'Patchbay', accept: '*/*', ...headers },
      body,
      dispatcher,
      signal,
    });
    return settledWith(response, signal);
  }

  get #own(): Dispatcher {
    this.#dispatcher ??= dispatcherFor(this.#reach);
    return this.#dispatcher;
  }

  get #reach(): Reach {
    const { proxy = null, ca } = this.#settings;
    return { proxy, trusted: trustOptions(ca), connections: this.#connections, timeout: this.timeout };
  }

  /**
   * The dispatcher for a URL that the service named. Rejects with {@link ForbiddenAddressError} if the URL is not
   * allowed.
   */
  async #dispatcherTo({ host, hostname }: URL): Promise<Dispatcher> {
    if (host === this.#root) return this.#own;
    checkHost(hostname, this.#allowed);
    if (this.#settings.proxy === undefined) {
      this.#guarded ??= dispatcherFor({ ...this.#reach, lookup: guardedLookup(this.#allowed) });
      return this.#guarded;
    }
    // The proxy resolves names itself, and only it can reject what it alone knows. We reject names that we know to be
    // internal.
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

/**
 * Settles like `work`, or rejects at once when the signal aborts: undici observes the signal only once a connection
 * is open.
 */
function settledWith<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** Whether a name cannot belong to the public internet. */
function isInsideName(hostname: string): boolean {
  return !/[.:]/.test(hostname) || /(^|\.)(localhost|local|internal|intranet|lan|home\.arpa)\.?$/i.test(hostname);
}
