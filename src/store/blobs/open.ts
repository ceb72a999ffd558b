import { resolve } from 'node:path';
import type { Blobs } from '../../domain/ports/blobs.ts';
import { FileBlobs } from './file-blobs.ts';

/** Opens blob storage at `file:PATH` or `s3://…`. Rejects with an explanation when the address is invalid. */
export async function openBlobs(url: string): Promise<Blobs> {
  if (url.startsWith('file:')) return new FileBlobs(resolve(url.slice('file:'.length)));
  // The S3 client is large, and most installations keep their blobs in a directory.
  const { parseS3Url, S3Blobs } = await import('./s3-blobs.ts');
  return new S3Blobs(parseS3Url(url));
}
