import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { moduleSchemas } from '../../src/cli/context.ts';
import { parseConfig } from '../../src/config/load.ts';
import { startPatchbay } from '../../src/main.ts';
import { silentLogger } from '../../src/runtime/log.ts';
import { cutWire } from '../support/cut-wire.ts';
import { type PostgresServer, startPostgres } from '../support/postgres-server.ts';

describe('starting on PostgreSQL', () => {
  const directory = mkdtempSync(join(tmpdir(), 'patchbay-start-'));
  let server: PostgresServer;

  beforeAll(async () => {
    server = await startPostgres();
  }, 60_000);

  afterAll(() => {
    server.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  it('starts over if the database disappears during the start', async () => {
    const wire = await cutWire(server.database(), 'request', () => (text) => text.includes('FROM users'));
    const text = stringify({ http: { port: 0 }, store: { url: wire.url } });
    const patchbay = await startPatchbay(
      parseConfig(text, join(directory, 'pb.yaml'), moduleSchemas, {}),
      silentLogger,
    );
    expect(wire.cuts).toBe(1);
    expect((await fetch(`${patchbay.url}/health/live`)).status).toBe(200);
    await patchbay.stop();
    wire.close();
  });
});
