import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

it('the built demo brings its scripted Bitrix24 portal along, without the source tree', async () => {
  const installed = mkdtempSync(join(tmpdir(), 'patchbay-installed-'));
  onTestFinished(() => rmSync(installed, { recursive: true, force: true }));
  for (const part of ['bin', 'dist', 'package.json'])
    cpSync(join(root, part), join(installed, part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(installed, 'node_modules'));

  const command = [join(installed, 'bin/patchbay.js'), 'demo', '--crm', 'bitrix24', '--speed', '50', '--port', '0'];
  const demo = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void demo.kill('SIGKILL'));
  const exited = once(demo, 'exit');
  let output = '';
  for (const stream of [demo.stdout, demo.stderr]) stream.on('data', (text) => (output += text));
  const portal = () => /portal .* shows what it holds: (\S+)/.exec(output)?.[1] ?? '';
  await expect.poll(portal, { timeout: 60_000 }).not.toBe('');

  const page = async () => (await fetch(portal())).text();
  expect(await page()).toContain('«Ромашка»');
  // The application is installed there, and calls are reported.
  await expect.poll(page, { timeout: 60_000 }).toContain('<h2>Calls</h2>');
  demo.kill('SIGTERM');
  expect((await exited)[0]).toBe(0);
});
