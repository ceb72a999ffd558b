import { resolve } from 'node:path';
import type { Blobs } from '../../domain/blobs.ts';
import { FileBlobs } from './file-blobs.ts';

/** Opens blob storage: `file:PATH`. Throws for what is not built. */
export function openBlobs(url: string): Blobs {
  if (url.startsWith('file:')) return new FileBlobs(resolve(url.slice('file:'.length)));
  throw new Error(`blobs.url: expected file:PATH, found ${url.split(':')[0]}:…, which is not built yet`);
}
