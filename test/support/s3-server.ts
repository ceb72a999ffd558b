import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { sleep } from '../../src/runtime/sleep.ts';
import { freeTcpPort } from '../real/lab/ports.ts';

/** A real S3 server: OpenStack Swift with its S3 API. */
export interface S3Server {
  /** Creates a bucket and returns its address in the format of the configuration. */
  bucket(): Promise<string>;
  stop(): void;
}

const key = 'patchbay:lab';
const secret = 'lab/secret+1';

/** Starts it; its Python takes a few seconds. If a package is missing, the error says which one to install. */
export async function startS3(): Promise<S3Server> {
  if (!existsSync('/usr/bin/swift-proxy-server'))
    throw new Error('no /usr/bin/swift-proxy-server: apt-get install swift-proxy, or scripts/lab');
  const dir = mkdtempSync(join(tmpdir(), 'patchbay-s3-'));
  const [proxy = 0, ...others] = await Promise.all(Array.from({ length: 5 }, () => freeTcpPort()));
  const script = fileURLToPath(new URL('swift.sh', import.meta.url));
  const around = ['--mount', '--pid', '--fork', '--kill-child', script, dir];
  const server = spawn('unshare', [...around, ...[proxy, ...others].map(String), key, secret], { stdio: 'ignore' });
  const ended = new Promise<never>((_resolve, reject) => {
    server.once('exit', (code) => reject(new Error(`swift.sh ended with ${code} before it answered`)));
  });
  ended.catch(() => undefined);
  await Promise.race([Promise.all([proxy, ...others].map(listening)), ended]);
  const credentials = { accessKeyId: key, secretAccessKey: secret };
  const endpoint = `http://127.0.0.1:${proxy}`;
  const client = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials });
  let serial = 0;
  return {
    async bucket() {
      serial += 1;
      await client.send(new CreateBucketCommand({ Bucket: `bucket${serial}` }));
      const [user, password] = [key, secret].map(encodeURIComponent);
      return `s3://${user}:${password}@127.0.0.1:${proxy}/bucket${serial}/blobs?tls=false`;
    },
    stop() {
      server.kill('SIGKILL');
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

async function listening(port: number): Promise<void> {
  for (;;) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy();
        resolve(true);
      });
      socket.on('error', () => resolve(false));
    });
    if (open) return;
    await sleep(100);
  }
}
