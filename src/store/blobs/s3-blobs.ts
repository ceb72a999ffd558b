import { createHash, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  type GetObjectCommandOutput,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { type BlobId, type Blobs, BlobTooLargeError, isBlobId, type StoredBlob } from '../../domain/ports/blobs.ts';

/** Where S3-compatible storage is, and how to be let in. */
export interface S3Settings {
  /** Address of the service; absent for Amazon's own. */
  readonly endpoint: string | undefined;
  readonly region: string;
  readonly bucket: string;
  /** Put before every key: several installations may share a bucket. */
  readonly prefix: string;
  readonly accessKey: string | undefined;
  readonly secretKey: string | undefined;
}

/** Bytes of one part of an upload: what one blob under way costs in memory, twice. S3 takes none below 5 MiB. */
const partSize = 5 * 1024 * 1024;

/**
 * Blobs in S3-compatible storage, under the SHA-256 of their bytes. The name is known only once all has been read, so that
 * a blob is streamed to `new/UUID` first and copied to its name there; what a crash leaves in `new/` is for a lifecycle rule. What is to go lies in `aside/` first.
 */
export class S3Blobs implements Blobs {
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #prefix: string;

  constructor({ endpoint, region, bucket, prefix, accessKey, secretKey }: S3Settings) {
    this.#client = new S3Client({
      region,
      forcePathStyle: endpoint !== undefined,
      ...(endpoint !== undefined && { endpoint }),
      ...(accessKey !== undefined && { credentials: { accessKeyId: accessKey, secretAccessKey: secretKey ?? '' } }),
      // Checksum trailers are Amazon's own; many compatible services refuse them.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    });
    this.#bucket = bucket;
    this.#prefix = prefix;
  }

  async put(source: Readable | AsyncIterable<Uint8Array>, limit: number): Promise<StoredBlob> {
    const temporary = `${this.#prefix}new/${randomUUID()}`;
    const hash = createHash('sha256');
    let bytes = 0;
    const measured = async function* () {
      for await (const chunk of source) {
        bytes += chunk.length;
        if (bytes > limit) throw new BlobTooLargeError(limit);
        hash.update(chunk);
        yield chunk;
      }
    };
    const target = { Bucket: this.#bucket, Key: temporary };
    // An upload that fails takes its parts away by itself.
    const upload = new Upload({
      client: this.#client,
      params: { ...target, Body: Readable.from(measured()) },
      partSize,
      queueSize: 2,
    });
    await upload.done();
    try {
      const id = hash.digest('hex') as BlobId;
      await this.#copy(temporary, this.#key(id));
      return { id, bytes };
    } finally {
      await this.#delete(temporary);
    }
  }

  async size(id: BlobId): Promise<number | null> {
    const found = (await this.#head(this.#key(id))) ?? (await this.#head(this.#aside(id)));
    return found?.ContentLength ?? null;
  }

  async open(id: BlobId, range?: { readonly start: number; readonly end: number }): Promise<Readable> {
    const [kept, aside] = [this.#key(id), this.#aside(id)];
    const { Body } = (await this.#get(kept, range).catch(ifMissing)) ?? (await this.#get(aside, range));
    if (!(Body instanceof Readable)) throw new Error('the blob storage answered without a body');
    return Body;
  }

  async remove(id: BlobId, before?: number): Promise<boolean> {
    const [kept, aside] = [this.#key(id), this.#aside(id)];
    if (before === undefined) {
      await Promise.all([kept, aside].map((key) => this.#delete(key)));
      return true;
    }
    const found = await this.#head(kept);
    if (found === null) {
      const rests = await this.#head(aside);
      if (rests !== null && isSince(rests, before)) return false;
      await this.#delete(aside);
      return true;
    }
    if (isSince(found, before)) return false;
    // Whatever bears the name by now, its bytes are these.
    await this.#copy(kept, aside);
    await this.#delete(kept);
    return false;
  }

  /** What the service knows of an object, or null where there is none. */
  #head(key: string): Promise<HeadObjectCommandOutput | null> {
    return this.#client.send(new HeadObjectCommand({ Bucket: this.#bucket, Key: key })).catch(ifMissing);
  }

  #get(key: string, range?: { readonly start: number; readonly end: number }): Promise<GetObjectCommandOutput> {
    const part = range === undefined ? {} : { Range: `bytes=${range.start}-${range.end}` };
    return this.#client.send(new GetObjectCommand({ Bucket: this.#bucket, Key: key, ...part }));
  }

  async #copy(from: string, to: string): Promise<void> {
    const source = encodeURI(`${this.#bucket}/${from}`);
    await this.#client.send(new CopyObjectCommand({ Bucket: this.#bucket, Key: to, CopySource: source }));
  }

  async #delete(key: string): Promise<void> {
    await this.#client.send(new DeleteObjectCommand({ Bucket: this.#bucket, Key: key }));
  }

  #key(id: BlobId): string {
    if (!isBlobId(id)) throw new Error('expected a blob id of 64 hex digits, found something else');
    return `${this.#prefix}${id.slice(0, 2)}/${id}`;
  }

  #aside(id: BlobId): string {
    return `${this.#prefix}aside/${id}`;
  }
}

function isSince({ LastModified }: HeadObjectCommandOutput, before: number): boolean {
  return LastModified === undefined || LastModified.getTime() >= before;
}

function ifMissing(error: unknown): null {
  if (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 404) return null;
  throw error;
}

/**
 * Reads `s3://KEY:SECRET@HOST:PORT/BUCKET/PREFIX?region=…&tls=false`; `s3:///BUCKET` is Amazon's own, its credentials those of the
 * environment. Throws what is wrong, without the secret.
 */
export function parseS3Url(text: string): S3Settings {
  const expected = 's3://KEY:SECRET@HOST[:PORT]/BUCKET[/PREFIX][?region=REGION&tls=false]';
  // A scheme that URL knows, so that host, port and credentials are taken apart by the book.
  const url = new URL(text.replace(/^s3:\/\/(?=\/)/, 'https://amazon.invalid').replace(/^s3:/, 'https:'));
  const [bucket = '', ...rest] = url.pathname.split('/').filter((part) => part !== '');
  if (bucket === '') throw new Error(`expected ${expected}, found no bucket`);
  const own = url.hostname === 'amazon.invalid';
  const scheme = url.searchParams.get('tls') === 'false' ? 'http' : 'https';
  return {
    endpoint: own ? undefined : `${scheme}://${url.host}`,
    region: url.searchParams.get('region') ?? 'us-east-1',
    bucket,
    prefix: rest.length === 0 ? '' : `${rest.join('/')}/`,
    accessKey: url.username === '' ? undefined : decodeURIComponent(url.username),
    secretKey: url.password === '' ? undefined : decodeURIComponent(url.password),
  };
}
