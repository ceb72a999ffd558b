import { resolve } from 'node:path';
import type { Blobs } from '../../domain/ports/blobs.ts';
import { FileBlobs } from './file-blobs.ts';

/** Opens blob storage: `file:PATH` or `s3://…`. Rejects with what is wrong with the address. */
export async function openBlobs(url: string): Promise<Blobs> {
  if (url.startsWith('file:')) return new FileBlobs(resolve(url.slice('file:'.length)));
  // The client of S3 is heavy, and most installations keep their blobs in a directory.
  const { parseS3Url, S3Blobs } = await import('./s3-blobs.ts');
  return new S3Blobs(parseS3Url(url));
}
