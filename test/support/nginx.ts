import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sleep } from '../../src/runtime/sleep.ts';
import { freeTcpPort } from '../real/lab/ports.ts';

const program = '/usr/sbin/nginx';
const tls = fileURLToPath(new URL('../fixtures/tls/', import.meta.url));

/** A real nginx with one of our sites. */
export interface Nginx {
  /** Its address, over TLS with the test certificate. */
  readonly url: string;
  /** The instances that have answered so far, as `host:port`. A request that was passed on lists several. */
  asked(): readonly string[];
  stop(): Promise<void>;
}

/**
 * Starts nginx with deploy/nginx.conf. Only the port, the certificate and the upstream addresses are replaced. If `nginx -t` fails,
 * the error holds its output. If nginx is missing, the error says what to install.
 */
export async function startNginx(site: string, addresses: Readonly<Record<string, string>>): Promise<Nginx> {
  if (!existsSync(program)) throw new Error(`no ${program}: apt-get install nginx-light, or scripts/lab`);
  const dir = mkdtempSync(join(tmpdir(), 'patchbay-nginx-'));
  const port = await freeTcpPort();
  const changes = {
    'listen 443 ssl': `listen 127.0.0.1:${port} ssl`,
    '/etc/nginx/certificates/fullchain.pem': join(tls, 'server.pem'),
    '/etc/nginx/certificates/privkey.pem': join(tls, 'server.key'),
    ...addresses,
  };
  let text = readFileSync(site, 'utf8');
  for (const [from, to] of Object.entries(changes)) {
    if (!text.includes(from)) throw new Error(`${site} has no ${from}`);
    text = text.replace(from, to);
  }
  writeFileSync(join(dir, 'site.conf'), text);
  const own = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${dir}/${name};`);
  writeFileSync(
    join(dir, 'nginx.conf'),
    `daemon off; pid ${dir}/pid; worker_processes 1; ${process.getuid?.() === 0 ? 'user root;' : ''}
    events {}
    http {
      ${own.join(' ')}
      log_format asked $upstream_addr;
      access_log ${dir}/access.log asked;
      include ${dir}/site.conf;
    }`,
  );
  const args = ['-p', dir, '-e', join(dir, 'error.log'), '-c', join(dir, 'nginx.conf')];
  try {
    execFileSync(program, ['-t', ...args], { stdio: 'pipe' });
  } catch (error) {
    throw new Error(`nginx -t: ${String((error as { stderr?: Buffer }).stderr)}`);
  }
  const child: ChildProcess = spawn(program, args, { stdio: 'ignore' });
  while (!existsSync(join(dir, 'pid'))) {
    if (child.exitCode !== null) throw new Error(`nginx ended: ${readFileSync(join(dir, 'error.log'), 'utf8')}`);
    await sleep(10);
  }
  return {
    url: `https://127.0.0.1:${port}`,
    asked: () =>
      readFileSync(join(dir, 'access.log'), 'utf8')
        .split(/[\n,]\s*/)
        .filter((one) => one !== '' && one !== '-'),
    async stop() {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
