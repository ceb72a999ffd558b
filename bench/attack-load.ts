import { connect, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { attackInputs } from './attack-inputs.ts';

// Sends one input without end, until it is killed: a process of its own, so that it holds up nobody but its target.
const [url = '', which = '', token = ''] = process.argv.slice(2);
const input = attackInputs.find(({ what }) => what === which);
if (input === undefined) throw new Error(`there is no input "${which}"`);
const { path, method, body, isKnown = false, atOnce = 1, halfSent } = input;

process.stdout.write('begun\n');
if (halfSent === undefined) await Promise.all(Array.from({ length: atOnce }, send));
else await Promise.all(Array.from({ length: halfSent }, lie));

async function send(): Promise<never> {
  const headers = { 'content-type': 'application/json', ...(isKnown && { authorization: `Bearer ${token}` }) };
  for (;;) {
    const answer = await fetch(`${url}${path}`, { method, headers, ...(body !== undefined && { body }) }).catch(
      () => null,
    );
    await answer?.arrayBuffer().catch(() => undefined);
    if (answer === null) await setTimeout(20);
  }
}

async function lie(): Promise<never> {
  const head = `${method} ${path} HTTP/1.1\r\nhost: pb\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n`;
  for (;;) {
    await new Promise<void>((resolve) => {
      const socket: Socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(`${head}${body}`));
      // Read to the end, or nobody would notice that the other side has closed.
      socket.resume();
      socket.on('error', () => socket.destroy());
      socket.on('close', () => resolve());
    });
    await setTimeout(50);
  }
}
