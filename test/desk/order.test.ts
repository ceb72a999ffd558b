import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { DeskHub } from '../../src/desk/desk-hub.ts';
import type { Viewer } from '../../src/desk/viewer.ts';
import { newInteractionId } from '../../src/domain/base/ids.ts';
import type { Store } from '../../src/domain/ports/store.ts';
import type { Write } from '../../src/domain/ports/writes.ts';
import { silentLogger } from '../../src/runtime/log.ts';

/** A socket that keeps what is sent to it. */
class FakeSocket extends EventEmitter {
  readonly OPEN = 1;
  readonly readyState = 1;
  readonly bufferedAmount = 0;
  readonly sent: { readonly type: string; readonly ref?: string }[] = [];

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  ping(): void {}
  close(): void {}
  terminate(): void {}
}

it('the desk carries out the decisions of one page in order, however long each check takes', async () => {
  const notes: string[] = [];
  const hub = new DeskHub({
    command: async () => ({ code: 'conflict', message: 'no calls here' }),
    marks: { typing: async () => {}, opened: async () => {} },
    read: {} as Store['read'],
    apply: async (writes: readonly Write[]) => {
      for (const write of writes)
        if (write.op === 'decide' && 'note' in write.decision) notes.push(write.decision.note);
      return writes.map(() => ({ ok: true as const, changes: [], followUps: [] }));
    },
    clock: { now: () => 0 },
    log: silentLogger,
  });
  const checks: (() => void)[] = [];
  const viewer: Viewer = {
    by: { id: 'boss', name: 'boss' },
    manager: null,
    view: null,
    supervises: false,
    whose: ['boss'],
    current: () => new Promise((resolve) => checks.push(() => resolve(viewer))),
  };
  const socket = new FakeSocket();
  hub.attach(socket as unknown as WebSocket, viewer);
  for (const text of ['first', 'second'])
    socket.emit('message', JSON.stringify({ type: 'note', ref: text, interaction: newInteractionId(0), text }), false);

  // The newest check finishes first, as can happen with a pool of connections.
  const answered = () => socket.sent.filter((one) => one.type === 'ok').map((one) => one.ref);
  while (answered().length < 2) {
    checks.pop()?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(notes).toEqual(['first', 'second']);
  expect(answered()).toEqual(['first', 'second']);
  await hub.close();
});
