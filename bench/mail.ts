import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { openForReading } from '../src/store/sqlite/connect.ts';
import { Gateway } from '../test/real/crash/gateway.ts';
import { freeTcpPort } from '../test/real/lab/ports.ts';
import { corpus } from '../test/real/mail/corpus.ts';
import { Dovecot } from '../test/real/mail/dovecot.ts';
import { type BenchResult, median, result } from './result.ts';
import { until } from './waiting.ts';

const rounds = 3;

/**
 * Imports a mailbox of difficult letters from a real Dovecot with the built gateway, compared with `mbsync` copying it to a Maildir. The
 * gateway is measured from the first to the last commit, without its start; mbsync for its whole run. Both alternate, because the
 * server's caches warm up. Run `npm run build` first.
 */
export async function benchMail(letters = 5000): Promise<readonly BenchResult[]> {
  const directory = mkdtempSync(join(tmpdir(), 'patchbay-bench-'));
  const dovecot = new Dovecot();
  try {
    await dovecot.start();
    const raws = [...corpus(letters)].map(({ raw }) => raw);
    dovecot.deliver('sales', raws);
    await opened(dovecot);
    const ours: number[] = [];
    const theirs: number[] = [];
    const memory: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      theirs.push(letters / mbsync(join(directory, `theirs-${round}`), dovecot.port, letters));
      const taken = await patchbay(join(directory, `ours-${round}`), dovecot.port, letters);
      ours.push(taken.letters / taken.milliseconds);
      memory.push(taken.memory);
    }
    const rate = (all: readonly number[]) => median(all) * 1000;
    return [
      result('letters taken in from a mailbox', rate(ours), '1/s', 'mbsync to a Maildir', rate(theirs), '≥ 0.5'),
      result('anonymous memory after it', median(memory), 'MB', 'limit', 250, '< 1'),
    ];
  } finally {
    await dovecot.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Opens the mailbox, so that the server indexes the delivered letters. */
async function opened(dovecot: Dovecot): Promise<void> {
  const client = await dovecot.client('sales');
  await client.mailboxOpen('INBOX');
  await client.logout();
}

/** Milliseconds that mbsync takes. */
function mbsync(directory: string, port: number, letters: number): number {
  const inbox = join(directory, 'inbox');
  mkdirSync(directory);
  const settings = join(directory, 'mbsyncrc');
  writeFileSync(
    settings,
    `IMAPStore far
Host 127.0.0.1
Port ${port}
User sales
Pass secret
SSLType None
AuthMechs LOGIN

MaildirStore near
Path ${directory}/
Inbox ${inbox}

Channel all
Far :far:
Near :near:
Create Near
Sync Pull
SyncState *
`,
  );
  const since = performance.now();
  execFileSync('mbsync', ['--config', settings, '--quiet', 'all'], { stdio: 'ignore' });
  const taken = performance.now() - since;
  const got = ['new', 'cur'].flatMap((name) => readdirSync(join(inbox, name))).length;
  // It skips letters without an end of headers, at no cost.
  if (got < letters * 0.95) throw new Error(`mbsync fetched ${got} of ${letters} letters`);
  return taken;
}

async function patchbay(
  directory: string,
  port: number,
  letters: number,
): Promise<{ readonly letters: number; readonly milliseconds: number; readonly memory: number }> {
  mkdirSync(directory);
  const database = join(directory, 'patchbay.db');
  const httpPort = await freeTcpPort();
  const config = join(directory, 'patchbay.yaml');
  writeFileSync(
    config,
    stringify({
      http: { port: httpPort },
      store: { url: `sqlite:${database}` },
      blobs: { url: `file:${join(directory, 'blobs')}` },
      connectors: {
        sales: {
          kind: 'mail',
          address: 'sales@our.example',
          user: 'sales',
          password: 'secret',
          since: '2020-01-01',
          imap: { host: '127.0.0.1', port, tls: false },
        },
      },
    }),
  );
  const gateway = new Gateway({ config, url: `http://127.0.0.1:${httpPort}`, log: join(directory, 'log') });
  gateway.start();
  await gateway.ready();
  const db = openForReading(database);
  try {
    const statement = db.prepare('SELECT count(*) AS n FROM interactions');
    const count = () => (statement.get() as { n: number }).n;
    await until('the first letter of the mailbox', () => count() > 0);
    const first = count();
    const since = performance.now();
    await until(`the last of ${letters} letters`, () => count() >= letters);
    const milliseconds = performance.now() - since;
    return { letters: letters - first, milliseconds, memory: gateway.memory() / 1024 / 1024 };
  } finally {
    db.close();
    await gateway.stop();
  }
}
