import { once } from 'node:events';
import { WebSocket } from 'ws';

/** Holds the main thread of a process up for some milliseconds by its debugger; resolves when it goes on. */
export async function blockMainThread(inspector: number, milliseconds: number): Promise<void> {
  const list = await fetch(`http://127.0.0.1:${inspector}/json/list`);
  const [target] = (await list.json()) as { webSocketDebuggerUrl: string }[];
  const socket = new WebSocket(target?.webSocketDebuggerUrl ?? '');
  await once(socket, 'open');
  const expression = `{ const until = Date.now() + ${milliseconds}; while (Date.now() < until); }`;
  const answered = once(socket, 'message');
  socket.send(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression } }));
  await answered;
  socket.close();
}
