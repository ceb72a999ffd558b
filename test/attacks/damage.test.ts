import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, closeSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import Sqlite from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import { client } from '../support/calls.ts';
import { onPostgres } from '../support/test-store.ts';
import { AttackedProgram, clientPhone, did } from './support/program.ts';

const command = fileURLToPath(new URL('../../bin/patchbay.js', import.meta.url));
const clients = 3000;
/** Root can write whatever the file modes, so the program runs as nobody. */
const asNobody = process.getuid?.() === 0 ? ['setpriv', '--reuid', '65534', '--clear-groups'] : [];

// PostgreSQL looks after its own files.
describe.skipIf(onPostgres)('a database file', () => {
  let program: AttackedProgram;
  let path: string;

  afterEach(() => program?.stop());

  /** A stopped program with a database of several thousand clients. */
  async function startAndStop(): Promise<void> {
    const many = Array.from({ length: clients }, (_, i) => client(`x${i}`, [`+7916${2_000_000 + i}`]));
    program = await AttackedProgram.start({ seed: [{ op: 'put-clients', clients: many, at: 1 }] });
    path = program.database.replace('sqlite:', '');
    await program.gateway.stop();
    const db = new Sqlite(path);
    db.pragma('wal_checkpoint(TRUNCATE)');
    db.close();
  }

  function overwrite(at: number, length: number): void {
    const file = openSync(path, 'r+');
    writeSync(file, Buffer.alloc(length, 0xa5), 0, length, at);
    closeSync(file);
  }

  /** Overwrites a leaf page in the middle of the clients table. */
  function spoilMiddlePage(): void {
    const db = new Sqlite(path, { readonly: true });
    const pages = db
      .prepare("SELECT pageno FROM dbstat WHERE name = 'clients' AND pagetype = 'leaf' ORDER BY path")
      .pluck()
      .all() as number[];
    db.close();
    overwrite(((pages[Math.floor(pages.length / 2)] ?? 1) - 1) * 4096, 4096);
  }

  /** Runs a command of the built program to its end. */
  async function run(args: readonly string[], behind: readonly string[] = []) {
    const [file = '', ...rest] = [...behind, process.execPath, command, ...args];
    const config = ['--config', join(program.directory, 'patchbay.yaml')];
    const child = spawn(file, [...rest, ...config], { stdio: ['ignore', 'pipe', 'pipe'] });
    const output = Promise.all([text(child.stdout), text(child.stderr)]);
    const [code] = (await once(child, 'exit')) as [number];
    return { code, output: (await output).join('') };
  }

  const ready = async () => {
    const answer = await fetch(`${program.url}/health/ready`).catch(() => null);
    return answer === null ? 'away' : `${answer.status} ${await answer.text()}`;
  };

  /** The answer to a caller who is client `c1`. */
  function ask(): Promise<string> {
    const socket = connect({ port: program.agiPort, host: '127.0.0.1' });
    socket.write(
      `agi_network: yes\nagi_network_script: route?line=${did}\nagi_uniqueid: d.1\nagi_callerid: ${clientPhone}\n\n`,
    );
    return text(socket);
  }

  it('damaged in the middle: the readiness probe reports it, callers still get answers, and repair fixes it', async () => {
    await startAndStop();
    spoilMiddlePage();
    program.gateway.start();
    await expect.poll(ready, { timeout: 30_000 }).toMatch(/^503 .*damaged.*patchbay repair/s);
    expect(await ask()).toContain('PJSIP/101');
    expect(program.log).not.toContain('[object Object]');
    await program.gateway.stop();

    const { code, output } = await run(['repair']);
    expect(output).toMatch(/clients: \d+ rows kept/);
    expect(code).toBe(0);
    program.gateway.start();
    await expect.poll(ready, { timeout: 30_000 }).toMatch(/^200 /);
    expect(await ask()).toContain('PJSIP/101');
  }, 120_000);

  it('damaged at its beginning: the start fails with a clear message, and repair restores everything', async () => {
    await startAndStop();
    overwrite(0, 100);
    const { code, output } = await run(['start']);
    expect(code).toBe(1);
    expect(output).toContain('not a database');
    expect(output).toContain('patchbay repair');
    expect(output).not.toMatch(/\[object Object\]|at .*\.[tj]s:/);
    expect((await run(['repair'])).output).toContain('Nothing was lost');
    program.gateway.start();
    await expect.poll(ready, { timeout: 30_000 }).toMatch(/^200 /);
  }, 120_000);

  it.each([
    ['file', 0o777],
    ['directory', 0o755],
  ])(
    'that is not writable (the %s): the start fails with a clear message',
    async (_, mode) => {
      await startAndStop();
      chmodSync(program.directory, mode);
      chmodSync(path, 0o444);
      chmodSync(join(program.directory, 'patchbay.yaml'), 0o444);
      chmodSync(`${path}-lock`, 0o666);
      const before = readFileSync(path);
      const { code, output } = await run(['start'], asNobody);
      expect(code).toBe(1);
      expect(output).toMatch(/read-only|that this user may write there|this user has no permission to write/);
      expect(output).not.toMatch(/\[object Object\]|at .*\.[tj]s:/);
      expect(readFileSync(path).equals(before)).toBe(true);
      expect(statSync(path).mode & 0o777).toBe(0o444);
    },
    60_000,
  );
});
