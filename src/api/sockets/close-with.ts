import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

/** Milliseconds until a socket is destroyed even though its last answer could not be written. */
const deadline = 1000;

/** Answers with a bare status and closes our side at once, whether or not the peer reads the answer or ever closes its own. */
export function closeWith(socket: Duplex, status: number): void {
  if (!socket.writable) return void socket.destroy();
  const timer = setTimeout(() => socket.destroy(), deadline);
  socket.once('close', () => clearTimeout(timer));
  const answer = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`;
  socket.write(answer, () => socket.destroy());
}
