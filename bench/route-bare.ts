import { createServer } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';

// The peer: a FastAGI server that reads up to the empty line and sends eight constant commands, either one by one, as all FastAGI
// libraries do, or all at once, as ours does.

/** Parameters of the peer. */
export interface BareData {
  readonly ahead: boolean;
}

const { ahead } = workerData as BareData;
const commands = Array.from({ length: 8 }, (_, i) => `SET VARIABLE PATCHBAY_CONSTANT_${i} "a constant value"\n`);
const together = commands.join('');
const server = createServer({ noDelay: true }, (socket) => {
  let head = '';
  let sent = -1;
  socket.setEncoding('utf8');
  socket.on('error', () => socket.destroy());
  socket.on('data', (text: string) => {
    if (sent < 0) {
      head += text;
      if (!head.includes('\n\n')) return;
    }
    sent += 1;
    if (ahead) {
      if (sent === 0) socket.end(together);
      return;
    }
    const command = commands[sent];
    if (command === undefined) socket.end();
    else socket.write(command);
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  parentPort?.postMessage(typeof address === 'object' ? address?.port : 0);
});
