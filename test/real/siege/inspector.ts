import { once } from 'node:events';
import { WebSocket } from 'ws';

/** Blocks the main thread of a process through its debugger; resolves when it continues. */
export async function blockMainThread(inspector: number, milliseconds: number): Promise<void> {
  const expression = `{ const until = Date.now() + ${milliseconds}; while (Date.now() < until); }`;
  await command(inspector, 'Runtime.evaluate', { expression });
}

/** Makes a process collect garbage, so that its memory shows what it keeps. */
export async function collectGarbage(inspector: number): Promise<void> {
  await command(inspector, 'HeapProfiler.collectGarbage', {});
}

/** Runs one command of the debugger protocol (https://chromedevtools.github.io/devtools-protocol/v8/). */
async function command(inspector: number, method: string, params: object): Promise<void> {
  const list = await fetch(`http://127.0.0.1:${inspector}/json/list`);
  const [target] = (await list.json()) as { webSocketDebuggerUrl: string }[];
  const socket = new WebSocket(target?.webSocketDebuggerUrl ?? '');
  await once(socket, 'open');
  const answered = once(socket, 'message');
  socket.send(JSON.stringify({ id: 1, method, params }));
  const [answer] = await answered;
  socket.close();
  const { error } = JSON.parse(String(answer)) as { error?: { message: string } };
  if (error !== undefined) throw new Error(`the debugger refused ${method}: ${error.message}`);
}
