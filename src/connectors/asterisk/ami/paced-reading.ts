import type { Socket } from 'node:net';
import { coalesce } from '../../../runtime/coalesce.ts';

/** A read of this many bytes filled Node's buffer, so more are waiting. */
const full = 64 * 1024;

/**
 * Reads a busy socket every `pace` milliseconds. Asterisk sends each event on its own, and waking up for each costs more than
 * parsing it. A socket that was silent is read at once, and so is everything while `isAwaited` (somebody waits for an answer).
 */
export function paceReading(socket: Socket, pace: number, isAwaited: () => boolean): void {
  let readAt = Number.NEGATIVE_INFINITY;
  const resumeSoon = coalesce(() => socket.resume(), pace);
  socket.on('data', ({ length }: Buffer) => {
    const now = performance.now();
    const isBusy = now - readAt < 2 * pace;
    readAt = now;
    if (!isBusy || length >= full || isAwaited()) return;
    socket.pause();
    resumeSoon();
  });
  socket.once('close', () => resumeSoon.cancel());
}
