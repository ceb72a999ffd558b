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

/** Address and credentials of S3-compatible storage. */
export interface S3Settings {
  /** Address of the service; undefined for Amazon's own. */
  readonly endpoint: string | undefined;
  readonly region: string;
  readonly bucket: string;
  /** Prepended to every key, so that several installations can share a bucket. */
  readonly prefix: string;
  readonly accessKey: string | undefined;
  readonly secretKey: string | undefined;
}

/** Part size of multipart uploads. Each upload buffers two parts; 5 MiB is the smallest part that S3 accepts. */
const partSize = 5 * 1024 * 1024;

/**
 * Stores blobs in S3-compatible storage, named by their SHA-256. The hash is known only after everything has been
 * read, so a blob is streamed to `new/UUID` and then copied to its name. A lifecycle rule should delete what a crash
 * leaves in `new/`. A blob to be deleted is moved to `aside/` first.
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
      // Checksum trailers are specific to Amazon; many compatible services reject them.
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
    // A failed upload removes its parts itself.
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
    if (!(Body instanceof Readable)) throw new Error('expected a body from the blob storage, got none');
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
    // Another upload may have replaced the object meanwhile, but its bytes are the same.
    await this.#copy(kept, aside);
    await this.#delete(kept);
    return false;
  }

  /** The metadata of an object, or null if it does not exist. */
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
 * Parses `s3://KEY:SECRET@HOST:PORT/BUCKET/PREFIX?region=…&tls=false`. `s3:///BUCKET` means Amazon S3 with the
 * credentials of the environment. Errors never contain the secret.
 */
export function parseS3Url(text: string): S3Settings {
  const expected = 's3://KEY:SECRET@HOST[:PORT]/BUCKET[/PREFIX][?region=REGION&tls=false]';
  // Use a scheme that URL treats as special, so that it parses host, port and credentials.
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
