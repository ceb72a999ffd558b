import { connect, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { attackInputs } from './attack-inputs.ts';

// Sends one input repeatedly until it is killed. It is a separate process, so that it loads only its target.
const [url = '', which = '', token = ''] = process.argv.slice(2);
const input = attackInputs.find(({ what }) => what === which);
if (input === undefined) throw new Error(`unknown input "${which}"`);
const { path, method, body, isAuthenticated = false, atOnce = 1, halfSent } = input;

process.stdout.write('started\n');
if (halfSent === undefined) await Promise.all(Array.from({ length: atOnce }, send));
else await Promise.all(Array.from({ length: halfSent }, sendHalf));

async function send(): Promise<never> {
  const headers = { 'content-type': 'application/json', ...(isAuthenticated && { authorization: `Bearer ${token}` }) };
  for (;;) {
    const answer = await fetch(`${url}${path}`, { method, headers, ...(body !== undefined && { body }) }).catch(
      () => null,
    );
    await answer?.arrayBuffer().catch(() => undefined);
    if (answer === null) await setTimeout(20);
  }
}

async function sendHalf(): Promise<never> {
  const head = `${method} ${path} HTTP/1.1\r\nhost: pb\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n`;
  for (;;) {
    await new Promise<void>((resolve) => {
      const socket: Socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(`${head}${body}`));
      // Without reading, the end of the connection would not be noticed.
      socket.resume();
      socket.on('error', () => socket.destroy());
      socket.on('close', () => resolve());
    });
    await setTimeout(50);
  }
}
