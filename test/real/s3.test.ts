import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BlobId } from '../../src/domain/ports/blobs.ts';
import { openBlobs } from '../../src/store/blobs/open.ts';
import { parseS3Url } from '../../src/store/blobs/s3-blobs.ts';
import { describeBlobs } from '../store/blobs/conformance.ts';
import { type S3Server, startS3 } from '../support/s3-server.ts';
import { type WireTo, wireTo } from '../support/wire-to.ts';

let server: S3Server;
const wires: WireTo[] = [];

beforeAll(async () => {
  server = await startS3();
}, 90_000);

afterAll(() => {
  for (const wire of wires) wire.close();
  server?.stop();
});

describeBlobs('OpenStack Swift by its S3 door', async () => {
  const url = await server.bucket();
  const wire = await headWire(url);
  wires.push(wire);
  return {
    blobs: await openBlobs(wire.url),
    unfinished: () => namesBelow(url, 'new/'),
    duringLook(meanwhile) {
      wire.afterHead = meanwhile;
    },
  };
});

describe('S3 during faults', () => {
  it('reports a wrong key as such, without the secret', async () => {
    const blobs = await openBlobs((await server.bucket()).replace('patchbay', 'nobody'));
    const error = await blobs.size('0'.repeat(64) as BlobId).catch((caught: Error) => caught);
    expect(error).toBeInstanceOf(Error);
    expect(String(error)).not.toContain('lab/secret');
  });

  it('rejects, and does not hang, while nothing listens', async () => {
    const blobs = await openBlobs('s3://a:b@127.0.0.1:1/bucket?tls=false');
    await expect(blobs.size('0'.repeat(64) as BlobId)).rejects.toThrow();
  });
});

/** A proxy to the server on which the answer to the next HEAD request can be delayed. */
async function headWire(url: string): Promise<WireTo & { afterHead: (() => Promise<void>) | null }> {
  const wire = await wireTo(url, (near, far) => {
    let heads = false;
    near.on('data', (data) => {
      heads = data.toString('latin1').startsWith('HEAD ');
      far.write(data);
    });
    far.on('data', async (data) => {
      const meanwhile = heads ? held.afterHead : null;
      if (meanwhile !== null) held.afterHead = null;
      await meanwhile?.();
      near.write(data);
    });
  });
  const held = { ...wire, afterHead: null as (() => Promise<void>) | null };
  return held;
}

async function namesBelow(url: string, folder: string): Promise<readonly string[]> {
  const { endpoint, region, bucket, prefix, accessKey = '', secretKey = '' } = parseS3Url(url);
  const credentials = { accessKeyId: accessKey, secretAccessKey: secretKey };
  const client = new S3Client({ region, forcePathStyle: true, credentials, ...(endpoint && { endpoint }) });
  const { Contents = [] } = await client.send(
    new ListObjectsV2Command({ Bucket: bucket, Prefix: `${prefix}${folder}` }),
  );
  return Contents.map((object) => object.Key ?? '');
}
