import { posix } from 'node:path';
import type { Readable } from 'node:stream';
import type { Stats } from 'ssh2';
import { reason } from '../../../domain/reasons/reasons.ts';
import { ServiceError } from '../../../runtime/http/service-error.ts';
import { isInside, placesBelow } from './places.ts';
import type { SftpRecordings } from './schema.ts';
import { openSftp, type SftpSession } from './sftp-session.ts';
import type { SeenFile, SoundSource } from './source.ts';

/** Milliseconds without a request after which the connection is closed, and for which a failed server is not tried again. */
const idleMs = 30_000;
const failedMs = 5000;
const noSuchFile = 2;

/** Recordings on an SFTP server. One connection serves all requests, and is opened when it is needed. */
export class SftpSource implements SoundSource {
  readonly readsParts = true;
  readonly #settings: SftpRecordings;
  readonly #root: string;
  #session: Promise<SftpSession> | null = null;
  #failure: { readonly error: unknown; readonly until: number } | null = null;
  #idle: NodeJS.Timeout | null = null;

  constructor(settings: SftpRecordings, root: string) {
    this.#settings = settings;
    this.#root = posix.resolve('/', root);
  }

  places(file: string): readonly string[] {
    return placesBelow(this.#root, file);
  }

  async look(place: string): Promise<SeenFile | null> {
    const path = this.#pathOf(place);
    const stats = await this.#ask<Stats>((sftp, done) => sftp.stat(path, done));
    if (stats === null || !stats.isFile()) return null;
    // Resolve links first: a link may lead out of the root.
    const [root, real] = await Promise.all([
      this.#ask<string>((sftp, done) => sftp.realpath(this.#root, done)),
      this.#ask<string>((sftp, done) => sftp.realpath(path, done)),
    ]);
    if (root === null || real === null || !isInside(posix.relative(root, real))) return null;
    return { place, bytes: stats.size, changed: String(stats.mtime), path: null };
  }

  async open(place: string, signal: AbortSignal, end?: number): Promise<Readable> {
    const { sftp, lost } = await this.#connected();
    const stream = sftp.createReadStream(this.#pathOf(place), end === undefined ? {} : { end });
    const stop = AbortSignal.any([signal, lost]);
    const silent = new ServiceError('unreachable', reason('sftpSilent', { place: this.#name }));
    const abort = () => void stream.destroy(silent);
    stop.addEventListener('abort', abort, { once: true });
    // A long download keeps the connection, which would otherwise look idle.
    stream.on('data', () => this.#touch());
    stream.once('close', () => stop.removeEventListener('abort', abort));
    return stream;
  }

  async list(directory: string): Promise<readonly string[]> {
    const path = this.#pathOf(directory);
    const found = await this.#ask<readonly { filename: string }[]>((sftp, done) => sftp.readdir(path, done));
    return (found ?? []).map(({ filename }) => filename);
  }

  async close(): Promise<void> {
    if (this.#idle !== null) clearTimeout(this.#idle);
    const session = this.#session;
    this.#session = null;
    (await session?.catch(() => null))?.end();
  }

  /** One request with its answer; null if there is no such file. */
  async #ask<Answer>(
    request: (sftp: SftpSession['sftp'], done: (error: Error | undefined, answer: Answer) => void) => void,
  ): Promise<Answer | null> {
    const { sftp, lost } = await this.#connected();
    return new Promise<Answer | null>((resolve, reject) => {
      const limit = AbortSignal.any([lost, AbortSignal.timeout(this.#settings.timeout * 1000)]);
      const silent = () => reject(new ServiceError('unreachable', reason('sftpSilent', { place: this.#name })));
      limit.addEventListener('abort', silent, { once: true });
      request(sftp, (error, answer) => {
        limit.removeEventListener('abort', silent);
        if (error === undefined || error === null) return resolve(answer);
        if ('code' in error && error.code === noSuchFile) return resolve(null);
        reject(
          new ServiceError(
            'later',
            reason('sftpUnreachable', { place: this.#name, said: error.message.slice(0, 200) }),
          ),
        );
      });
    });
  }

  get #name(): string {
    return `${this.#settings.host}:${this.#settings.port}`;
  }

  #connected(): Promise<SftpSession> {
    this.#touch();
    if (this.#session !== null) return this.#session;
    if (this.#failure !== null && this.#failure.until > performance.now()) return Promise.reject(this.#failure.error);
    const opening = openSftp(this.#settings);
    this.#session = opening;
    const forget = () => {
      if (this.#session === opening) this.#session = null;
    };
    opening.then(
      ({ lost }) => lost.addEventListener('abort', forget, { once: true }),
      (error: unknown) => {
        forget();
        this.#failure = { error, until: performance.now() + failedMs };
      },
    );
    return opening;
  }

  #touch(): void {
    if (this.#idle !== null) clearTimeout(this.#idle);
    this.#idle = setTimeout(() => void this.close(), idleMs).unref();
  }

  #pathOf(place: string): string {
    if (place !== '' && !isInside(place)) throw new Error('expected a place below the root of the recordings');
    return posix.join(this.#root, place);
  }
}
