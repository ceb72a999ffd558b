import type { Readable } from 'node:stream';
import { reason } from '../../../domain/reasons/reasons.ts';
import { HttpClient } from '../../../runtime/http/client.ts';
import { ServiceError } from '../../../runtime/http/service-error.ts';
import { belowSpool, isInside, placesBelow } from './places.ts';
import type { HttpRecordings } from './schema.ts';
import type { SeenFile, SoundSource } from './source.ts';

/** Statuses of servers that serve a file but answer no HEAD. */
const noHead = new Set([400, 405, 501]);

/** Recordings on a web server of the PBX, at addresses made from a template. */
export class HttpSource implements SoundSource {
  readonly readsParts = false;
  readonly #settings: HttpRecordings;
  /** The web server, for people. */
  readonly #service: string;
  readonly #client: HttpClient;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(settings: HttpRecordings) {
    this.#settings = settings;
    const root = new URL(settings.url.replace(/\{(path|file)\}/g, ''));
    this.#service = root.host;
    this.#client = new HttpClient(root.host, settings, root.href, 'pooled');
    this.#headers = authorizationOf(settings);
  }

  /** With `{file}`, the server itself finds what the file has become. */
  places(file: string): readonly string[] {
    if (this.#settings.url.includes('{file}')) return [file];
    const below = belowSpool(file);
    return isInside(below)
      ? placesBelow('', below, { few: true }).filter((place) => dirOf(place) === dirOf(below))
      : [];
  }

  async look(place: string, signal: AbortSignal): Promise<SeenFile | null> {
    const url = this.#urlOf(place);
    const { status, headers } = await this.#client.request({ method: 'HEAD', url, headers: this.#headers, signal });
    if (status === 404 || status === 410) return null;
    if (noHead.has(status) || (status >= 300 && status < 400)) return { place, bytes: null, changed: null, path: null };
    if (status !== 200) throw this.#refusal(status);
    const bytes = Number(headers['content-length'] ?? Number.NaN);
    const changed = [headers['last-modified'], headers.etag].filter((one) => one !== undefined).join(' ');
    return { place, bytes: Number.isSafeInteger(bytes) ? bytes : null, changed: changed || null, path: null };
  }

  open(place: string, signal: AbortSignal): Promise<Readable> {
    return this.#client.open(this.#urlOf(place), this.#headers, signal);
  }

  async list(): Promise<null> {
    return null;
  }

  async close(): Promise<void> {}

  #urlOf(place: string): string {
    const path = place.split('/').map(encodeURIComponent).join('/');
    // A function, because `$` in a replacement string has a meaning.
    return this.#settings.url.replace('{path}', () => path).replace('{file}', () => encodeURIComponent(place));
  }

  #refusal(status: number): ServiceError {
    const trouble = status === 401 || status === 403 ? 'access' : 'later';
    return new ServiceError(trouble, reason('fileNotGiven', { service: this.#service, status }));
  }
}

function dirOf(place: string): string {
  return place.slice(0, place.lastIndexOf('/') + 1);
}

function authorizationOf({ username, password, token }: HttpRecordings): Readonly<Record<string, string>> {
  if (token !== undefined) return { authorization: `Bearer ${token}` };
  if (username === undefined) return {};
  const login = Buffer.from(`${username}:${password ?? ''}`).toString('base64');
  return { authorization: `Basic ${login}` };
}
