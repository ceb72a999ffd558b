import { execFileSync } from 'node:child_process';
import { createWriteStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { askRoute } from '../src/cli/demo/agi-side.ts';
import { parsePhone } from '../src/domain/directory/identifiers.ts';
import { kindNumbers } from '../src/store/shared/identifiers.ts';
import { Gateway } from '../test/real/crash/gateway.ts';
import { freeTcpPort } from '../test/real/lab/ports.ts';
import { insertBareRows } from './bare-rows.ts';
import { type BenchResult, result } from './result.ts';
import { benchClient } from './route-client.ts';

const program = fileURLToPath(new URL('../bin/patchbay.js', import.meta.url));
const chunk = 5000;
const questions = 2000;

/**
 * Imports a client directory from a file with the built program, compared with only parsing its numbers and inserting its rows. Then
 * measures the memory of the built gateway with this directory. Run `npm run build` first.
 */
export async function benchImport(clients = 1_000_000): Promise<readonly BenchResult[]> {
  const directory = mkdtempSync(join(tmpdir(), 'patchbay-bench-'));
  const database = join(directory, 'patchbay.db');
  const config = join(directory, 'patchbay.yaml');
  const httpPort = await freeTcpPort();
  const agiPort = await freeTcpPort();
  try {
    const file = join(directory, 'clients.ndjson');
    await pipeline(lines(clients), createWriteStream(file));
    writeFileSync(config, configuration(database, httpPort, agiPort));
    const since = performance.now();
    execFileSync(process.execPath, [program, 'import', 'clients', file, '--config', config], { stdio: 'ignore' });
    const ours = clients / (performance.now() - since);
    const alone =
      clients /
      insertBareRows(database, join(directory, 'alone.db'), {
        tables: ['clients', 'identifiers'],
        order: { identifiers: 'client' },
        batches: Math.ceil(clients / chunk),
        each: readNumber,
      });
    const gateway = new Gateway({ config, url: `http://127.0.0.1:${httpPort}`, log: join(directory, 'log') });
    gateway.start();
    const memory = await memoryOf(gateway, agiPort);
    await gateway.stop();
    return [
      result(
        'import of clients',
        ours * 1000,
        '1/s',
        'their numbers read, their rows inserted',
        alone * 1000,
        'none set',
      ),
      result(`anonymous memory of the program, ${clients} clients`, memory, 'MB', 'limit', 250, '< 1'),
    ];
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Clients as exported by a CRM, with numbers as people write them. */
function* lines(clients: number): Generator<string> {
  for (let i = 0; i < clients; i += 1) {
    const client = benchClient(i);
    const identifiers = client.identifiers.map((one) =>
      one.kind === 'phone' ? { ...one, value: asWritten(one.value) } : one,
    );
    yield `${JSON.stringify({ ...client, identifiers })}\n`;
  }
}

function asWritten(phone: string): string {
  return `8 (${phone.slice(2, 5)}) ${phone.slice(5, 8)}-${phone.slice(8, 10)}-${phone.slice(10)}`;
}

/** Parses a client's number as it was in the file. */
function readNumber(table: string, [kind, value]: readonly unknown[]): void {
  if (table === 'identifiers' && kind === kindNumbers.phone) parsePhone(asWritten(String(value)), 'RU');
}

/** Anonymous memory in megabytes of a gateway that has answered some questions. */
async function memoryOf(gateway: Gateway, port: number): Promise<number> {
  for (let i = 0; i < questions; i += 1) {
    const callerNumber = benchClient(i * 97).identifiers[0]?.value ?? '';
    const call = { channel: `PJSIP/trunk-${i}`, uniqueid: `bench.${i}`, callerNumber, callerName: '', did: '1' };
    while ((await askRoute({ ...call, port, tried: [] })).size === 0);
  }
  return gateway.memory() / 1024 / 1024;
}

function configuration(database: string, httpPort: number, agiPort: number): string {
  return stringify({
    http: { port: httpPort },
    store: { url: `sqlite:${database}` },
    managers: Array.from({ length: 100 }, (_, i) => ({
      id: `m${i}`,
      name: `Manager ${i}`,
      extensions: [String(100 + i)],
    })),
    connectors: {
      pbx: {
        kind: 'asterisk',
        ami: { host: '127.0.0.1', port: 1, username: 'nobody', secret: 'nothing' },
        agi: { port: agiPort },
      },
    },
  });
}
