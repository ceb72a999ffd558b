import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

/** Milliseconds after which a socket is destroyed even if its last answer was not written. */
const deadline = 1000;

/** Answers with a bare status and closes the socket, whether or not the peer reads the answer. */
export function closeWith(socket: Duplex, status: number): void {
  if (!socket.writable) return void socket.destroy();
  const timer = setTimeout(() => socket.destroy(), deadline);
  socket.once('close', () => clearTimeout(timer));
  const answer = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`;
  socket.write(answer, () => socket.destroy());
}
