import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import type { Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type WebSocket from 'ws';
import { Asker } from '../real/siege/asker.ts';
import { deskSocket, logIn, openDesk } from '../support/desk-login.ts';
import { AttackedProgram, clientPhone, did, type ProgramSettings } from './support/program.ts';
import { RawSockets, readUntilClosed } from './support/raw.ts';

/** Open file limit of the attacked program, lower than any number of attacking connections below. */
const files = 400;
const crowd = 500;
const form =
  'POST /api/v1/forms/site HTTP/1.1\r\nHost: office\r\nContent-Type: application/json\r\nContent-Length: 60\r\n\r\n';

describe('sockets', () => {
  const release: (() => unknown)[] = [];
  afterEach(async () => {
    for (const end of release.splice(0).reverse()) await end();
  });

  async function start(settings: ProgramSettings = {}) {
    const program = await AttackedProgram.start({ files, ...settings });
    release.push(() => program.stop());
    const sockets = new RawSockets(Number(new URL(program.url).port));
    release.push(() => sockets.release());
    const asker = new Asker({ port: program.agiPort, from: clientPhone, did, dial: 'PJSIP/101' });
    return { program, sockets, asker };
  }

  /** A visitor's form; returns its status. If its connection is closed to make room, a browser would retry. */
  async function sendForm({ url }: AttackedProgram, phone: string): Promise<number> {
    const request = { method: 'POST', headers: { 'content-type': 'application/json', connection: 'close' } };
    const body = JSON.stringify({ name: 'Anna', phone });
    const answer = await fetch(`${url}/api/v1/forms/site`, { ...request, body });
    return answer.status;
  }

  /** A call that pops up on the desk of manager `m101`. */
  async function expectPop({ pbx, agiPort }: AttackedProgram, desk: WebSocket): Promise<void> {
    const popped = new Promise<void>((resolve) =>
      desk.on('message', (data) => String(data).startsWith('{"type":"pop"') && resolve()),
    );
    // Rings longer than a commit takes, because a call that ends before it is stored does not pop up.
    const { signal } = new AbortController();
    await pbx.inbound({ from: clientPhone, name: 'Client', did, ringMs: 30_000, talkMs: 1000 }, agiPort, signal);
    await popped;
  }

  it.each([
    ['silent connections', () => ''],
    ['headers that never end', (i: number) => `GET /health/live HTTP/1.1\r\nHost: office\r\nX-${i}: `],
    ['half-sent bodies', () => `${form}{"name":`],
    ['endless chunked bodies', () => `${form.replace('Content-Length: 60', 'Transfer-Encoding: chunked')}1\r\n{\r\n`],
  ])('withstands many %s: forms, FastAGI and desks keep working', async (_what, text) => {
    const { program, sockets, asker } = await start();
    const desk = await openDesk(program.url, await logIn(program.url, 'a'));
    release.push(() => desk.terminate());
    await sockets.crowd(crowd, text);
    // Until the program has received what they sent.
    for (let i = 0; i < 50; i += 1) await asker.ask();
    await program.api('GET', '/api/v1/session');
    expect(await sendForm(program, '+79161110011')).toBe(200);
    await expectPop(program, desk);
    expect(asker.wrong).toEqual([]);
    expect(desk.readyState).toBe(desk.OPEN);
    expect(readdirSync(`/proc/${program.gateway.pid}/fd`).length).toBeLessThan(files - 30);
  });

  it('closes silent connections, endless headers, and bodies sent byte by byte', async () => {
    const { sockets, program } = await start();
    const dribble = async (socket: Socket) => {
      const timer = setInterval(() => socket.writable && socket.write(' '), 500);
      const text = await readUntilClosed(socket);
      clearInterval(timer);
      return text;
    };
    const [silent, endless, half, slow] = await Promise.all([
      sockets.send('').then(readUntilClosed),
      sockets.send('GET /health/live HTTP/1.1\r\nHost: office\r\nX: ').then(dribble),
      sockets.send(`${form}{"name":`).then(readUntilClosed),
      sockets.send(form.replace('60', '6000')).then(dribble),
    ]);
    for (const text of [endless, half, slow]) expect(text).toContain(' 408 ');
    expect(['', silent]).toContain(silent.includes(' 408 ') ? silent : '');
    const metrics = await (await fetch(`${program.url}/metrics`)).text();
    expect(metrics).toMatch(/patchbay_http_connections_ended_total\{reason="slow"\} 2/);
  });

  it('limits connections per address without a proxy, and still serves another address', async () => {
    const { program, sockets } = await start({ config: { http: { trustProxy: false } } });
    await sockets.crowd(crowd, () => `${form}{"name":`);
    await vi.waitFor(() => expect(sockets.open).toBeLessThan(files / 2), { timeout: 30_000 });
    const live = 'GET /health/live HTTP/1.1\r\nHost: office\r\nConnection: close\r\n\r\n';
    expect(await readUntilClosed(await sockets.send(live, '127.0.0.2'))).toContain(' 200 ');
    expect(program.log).not.toContain('EMFILE');
  });

  it('limits desks per operator: the oldest one closes, and a colleague can still connect', async () => {
    const { program } = await start();
    const cookie = await logIn(program.url, 'a');
    const desks: WebSocket[] = [];
    release.push(() => desks.forEach((desk) => void desk.terminate()));
    const codes: number[] = [];
    for (let i = 0; i < 60; i += 1) {
      const desk = deskSocket(program.url, cookie);
      desk.on('close', (code) => codes.push(code));
      await once(desk, 'message');
      desks.push(desk);
    }
    await vi.waitFor(() => expect(codes).toEqual(Array(40).fill(4429)), { timeout: 30_000 });
    expect(desks.slice(-20).every((desk) => desk.readyState === desk.OPEN)).toBe(true);
    const colleague = await openDesk(program.url, await logIn(program.url, 'b'));
    expect(colleague.readyState).toBe(colleague.OPEN);
    colleague.terminate();
  });
});
