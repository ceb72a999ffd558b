import { once } from 'node:events';
import WebSocket from 'ws';
import type { Write } from '../../src/domain/ports/writes.ts';
import { openStore } from '../../src/intake/open-store.ts';
import { hashPassword } from '../../src/runtime/password.ts';

/** The default password of {@link logIn}. */
export const password = 'desks-of-an-office';

/** The write that creates the user `login`, linked to `manager`, with the default password of {@link logIn}. */
export async function operator(login: string, manager: string): Promise<Write> {
  const passwordHash = await hashPassword(password);
  return { op: 'put-user', user: { login, role: 'operator', manager, passwordHash } };
}

/** Writes into a store before a program starts on it. Throws if a write is refused. */
export async function seedStore(url: string, writes: readonly Write[]): Promise<void> {
  const store = await openStore({ url, country: 'RU', publicUrl: 'http://pb' });
  const results = await store.apply(writes);
  await store.close();
  for (const result of results) if (!result.ok) throw new Error(result.message);
}

/** Logs in as the page does; returns the session cookie. */
export async function logIn(url: string, login: string, secret = password): Promise<string> {
  const response = await fetch(`${url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ login, password: secret }),
  });
  if (response.status !== 200) throw new Error(`login answered ${response.status}: ${await response.text()}`);
  return response.headers.get('set-cookie')?.split(';')[0] ?? '';
}

/** A desk's socket under a session, still connecting: a listener that is added at once misses no message. */
export function deskSocket(url: string, cookie: string): WebSocket {
  return new WebSocket(`${url.replace('http', 'ws')}/desk`, { headers: { cookie, origin: url } });
}

/** A desk that has received `hello`. */
export async function openDesk(url: string, cookie: string): Promise<WebSocket> {
  const desk = deskSocket(url, cookie);
  await once(desk, 'message');
  return desk;
}
