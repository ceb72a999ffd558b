// The writer thread, but it crashes: `before` it carries out a message, or `after` the commit but before it reports it.
// With `of`, only on messages that contain that text.
import { parentPort, workerData } from 'node:worker_threads';

const { dies, of = '' } = workerData as { dies: 'before' | 'after'; of?: string };
const port = parentPort;
if (port === null) throw new Error('this is a thread');
const say = port.postMessage.bind(port);
if (dies === 'before') {
  port.on('message', (message: string) => {
    if (message !== 'close' && message.includes(of)) process.exit(7);
  });
} else {
  port.postMessage = (message: string) => {
    if (message !== 'open' && message !== 'closed' && message.includes(of)) process.exit(7);
    say(message);
  };
}
await import('../../src/intake/writer-thread.ts');
