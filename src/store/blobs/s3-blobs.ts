import { createHash, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { type BlobId, type Blobs, BlobTooLargeError, isBlobId, type StoredBlob } from '../../domain/blobs.ts';

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
 * a blob is streamed to `new/UUID` first and copied to its name there; what a crash leaves in `new/` is for a lifecycle rule.
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
      await this.#client.send(
        new CopyObjectCommand({
          Bucket: this.#bucket,
          Key: this.#key(id),
          CopySource: encodeURI(`${this.#bucket}/${temporary}`),
        }),
      );
      return { id, bytes };
    } finally {
      await this.#client.send(new DeleteObjectCommand(target));
    }
  }

  async size(id: BlobId): Promise<number | null> {
    return (await this.#head(id))?.ContentLength ?? null;
  }

  /** What the service knows of a blob, or null where there is none. */
  async #head(id: BlobId): Promise<HeadObjectCommandOutput | null> {
    try {
      return await this.#client.send(new HeadObjectCommand({ Bucket: this.#bucket, Key: this.#key(id) }));
    } catch (error) {
      if (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 404) return null;
      throw error;
    }
  }

  async open(id: BlobId, range?: { readonly start: number; readonly end: number }): Promise<Readable> {
    const { Body } = await this.#client.send(
      new GetObjectCommand({
        Bucket: this.#bucket,
        Key: this.#key(id),
        ...(range !== undefined && { Range: `bytes=${range.start}-${range.end}` }),
      }),
    );
    if (!(Body instanceof Readable)) throw new Error('the blob storage answered without a body');
    return Body;
  }

  async remove(id: BlobId, before?: number): Promise<boolean> {
    const stored = before === undefined ? undefined : (await this.#head(id))?.LastModified;
    if (before !== undefined && stored !== undefined && stored.getTime() >= before) return false;
    await this.#client.send(new DeleteObjectCommand({ Bucket: this.#bucket, Key: this.#key(id) }));
    return true;
  }

  #key(id: BlobId): string {
    if (!isBlobId(id)) throw new Error('expected a blob id of 64 hex digits, found something else');
    return `${this.#prefix}${id.slice(0, 2)}/${id}`;
  }
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
