import { describe, expect, it } from 'vitest';
import { parseS3Url } from '../../../src/store/blobs/s3-blobs.ts';

describe('S3 storage URLs', () => {
  it.each([
    [
      's3://key:se%2Fcret@s3.example:9000/bucket/a/b?region=ru-1&tls=false',
      {
        endpoint: 'http://s3.example:9000',
        region: 'ru-1',
        bucket: 'bucket',
        prefix: 'a/b/',
        accessKey: 'key',
        secretKey: 'se/cret',
      },
    ],
    [
      's3://s3.example/bucket',
      { endpoint: 'https://s3.example', region: 'us-east-1', bucket: 'bucket', prefix: '', accessKey: undefined },
    ],
    ['s3:///bucket?region=eu-west-1', { endpoint: undefined, region: 'eu-west-1', bucket: 'bucket' }],
  ])('are parsed: %s', (url, expected) => {
    expect(parseS3Url(url)).toMatchObject(expected);
  });

  it('produce an error if the bucket is missing, without the secret', () => {
    expect(() => parseS3Url('s3://key:hidden@s3.example')).toThrow(/found no bucket/);
    expect(() => parseS3Url('s3://key:hidden@s3.example')).not.toThrow(/hidden/);
  });
});
