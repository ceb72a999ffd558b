import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onPostgres } from '../support/test-store.ts';
import { AttackedProgram } from './support/program.ts';

const command = fileURLToPath(new URL('../../bin/patchbay.js', import.meta.url));

/** Runs a command of the built program to its end. */
async function run(...args: string[]): Promise<{ code: number; output: string }> {
  const child = spawn(process.execPath, [command, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = (await once(child, 'exit')) as [number];
  return { code, output: (await output).join('') };
}

// On PostgreSQL, several instances are allowed.
describe.skipIf(onPostgres)('a second program on one SQLite file', () => {
  let program: AttackedProgram;
  let config: string;

  beforeAll(async () => {
    program = await AttackedProgram.start();
    config = join(program.directory, 'patchbay.yaml');
  }, 60_000);

  afterAll(() => program?.stop());

  it('names the process that holds the file and exits, while the first one continues', async () => {
    const { code, output } = await run('start', '--config', config);
    expect(code).toBe(1);
    expect(output).toContain(`process ${program.gateway.pid} on `);
    expect(output).toMatch(/since \d{4}-\d\d-\d\dT/);
    expect((await fetch(`${program.url}/health/ready`)).status).toBe(200);
  });

  it('recognises the file under any path', async () => {
    const elsewhere = join(program.directory, 'elsewhere');
    mkdirSync(elsewhere);
    symlinkSync(program.directory, join(elsewhere, 'directory'));
    symlinkSync(join(program.directory, 'attacked.db'), join(elsewhere, 'file.db'));
    const paths = [
      join(elsewhere, 'directory', 'attacked.db'),
      join(elsewhere, 'file.db'),
      `${elsewhere}/../attacked.db`,
    ];
    for (const [i, path] of paths.entries()) {
      const other = join(program.directory, `other-${i}.yaml`);
      writeFileSync(other, readFileSync(config, 'utf8').replace(/sqlite:.*/, `sqlite:${path}`));
      expect(await run('start', '--config', other)).toMatchObject({
        code: 1,
        output: expect.stringContaining('already uses'),
      });
    }
  });

  it('may be a command that only reads or adds', async () => {
    const clients = join(program.directory, 'clients.csv');
    writeFileSync(clients, 'id;name\nx1;X\n');
    for (const args of [
      ['token', 'add', 'other', '--role', 'integration'],
      ['import', 'clients', clients],
      ['explain', '+79161110001'],
      ['deliveries', 'list'],
      ['quarantine', 'list'],
      ['backup', join(program.directory, 'copies')],
    ])
      expect(await run(...args, '--config', config)).toMatchObject({ code: 0 });
  });

  it('starts at once after the first was killed', async () => {
    await program.gateway.kill();
    program.gateway.start();
    await program.gateway.ready();
    expect((await fetch(`${program.url}/health/ready`)).status).toBe(200);
  });
});
