import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type WebSocket from 'ws';
import { logIn, openDesk } from '../support/desk-login.ts';
import { onPostgres } from '../support/test-store.ts';
import { AttackedProgram } from './support/program.ts';

const bin = fileURLToPath(new URL('../../bin/patchbay.js', import.meta.url));

/** Once a session ends, by whatever means, its next request is refused and its desk closes, on every instance. */
describe('ending a session', () => {
  let program: AttackedProgram;
  /** URL of a second instance on the same database; of the first one on SQLite, where there is only one. */
  let elsewhere: string;
  let second: AttackedProgram | null = null;

  beforeAll(async () => {
    program = await AttackedProgram.start();
    if (onPostgres) second = await program.beside();
    elsewhere = (second ?? program).url;
  }, 60_000);

  afterAll(async () => {
    await second?.stop();
    await program?.stop();
  });

  const patchbay = (...args: string[]) => {
    const ran = spawnSync(process.execPath, [bin, ...args, '--config', join(program.directory, 'patchbay.yaml')], {
      encoding: 'utf8',
    });
    if (ran.status !== 0) throw new Error(ran.stderr);
    return ran.stdout;
  };
  const status = async (cookie: string) => (await fetch(`${elsewhere}/api/v1/session`, { headers: { cookie } })).status;
  const closes = async (desk: WebSocket) => (await once(desk, 'close'))[0] as number;

  it.each([
    [
      'a logout',
      async (cookie: string) => {
        await fetch(`${program.url}/api/v1/session`, { method: 'DELETE', headers: { cookie, origin: program.url } });
      },
    ],
    ['another role', () => program.api('PATCH', '/api/v1/users/a', { role: 'supervisor' })],
    ['a narrower scope', () => program.api('PATCH', '/api/v1/users/a', { scope: 'own' })],
    [
      'disabling and enabling again',
      async () => {
        await program.api('PATCH', '/api/v1/users/a', { disabled: true });
        await program.api('PATCH', '/api/v1/users/a', { disabled: false });
      },
    ],
    ['a command at the server', async () => void patchbay('user', 'logout', 'a')],
    ['a new role by command', async () => void patchbay('user', 'set', 'a', '--role', 'operator')],
  ])('%s closes the open desk and refuses the next request', async (_what, end) => {
    const cookie = await logIn(program.url, 'a');
    const desk = await openDesk(elsewhere, cookie);
    const closed = closes(desk);
    expect(await status(cookie)).toBe(200);
    await end(cookie);
    expect(await closed).toBe(4401);
    expect(await status(cookie)).toBe(401);
  });

  it('closes the desks of a program whose token was revoked', async () => {
    const token = patchbay('token', 'add', 'desk', '--role', 'integration').trim();
    const { WebSocket: Socket } = await import('ws');
    const desk = new Socket(`${elsewhere.replace('http', 'ws')}/desk?manager=m101`, {
      headers: { authorization: `Bearer ${token}` },
    });
    await once(desk, 'message');
    const closed = closes(desk);
    patchbay('token', 'revoke', 'desk');
    expect(await closed).toBe(4401);
    const answer = await fetch(`${elsewhere}/api/v1/managers`, { headers: { authorization: `Bearer ${token}` } });
    expect(answer.status).toBe(401);
  });

  it('closes the desk of a removed user, and records who removed it', async () => {
    const cookie = await logIn(program.url, 'b');
    const desk = await openDesk(elsewhere, cookie);
    const closed = closes(desk);
    expect(patchbay('user', 'list')).toContain('b  operator');
    patchbay('user', 'remove', 'b');
    expect(await closed).toBe(4401);
    await expect(logIn(program.url, 'b')).rejects.toThrow('401');
    expect(patchbay('audit', '--subject', 'b')).toContain('command  administer  user remove  b');
  });
});
