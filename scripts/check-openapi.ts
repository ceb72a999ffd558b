// Lints the OpenAPI document, as the program serves it, with redocly's recommended rules. Warnings fail, too.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openOffice } from '../test/support/office.ts';

const office = await openOffice({ users: false });
const document = await (await fetch(`${office.url}/api/v1/openapi.json`)).text();
await office.close();

const folder = mkdtempSync(join(tmpdir(), 'patchbay-openapi-'));
const file = join(folder, 'openapi.json');
writeFileSync(file, document);
const redocly = fileURLToPath(new URL('../node_modules/@redocly/cli/bin/cli.js', import.meta.url));
const { status, stdout, stderr } = spawnSync(
  process.execPath,
  [redocly, 'lint', file, '--extends=recommended-strict'],
  {
    encoding: 'utf8',
    // It would ask its makers for a newer version, and tell them that it runs.
    env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
  },
);
rmSync(folder, { recursive: true });
if (status !== 0) process.stderr.write(`${stdout}${stderr}`);
process.exitCode = status ?? 1;
