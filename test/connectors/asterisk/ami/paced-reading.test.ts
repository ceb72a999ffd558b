import type { Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { paceReading } from '../../../../src/connectors/asterisk/ami/paced-reading.ts';

describe('reading a busy AMI socket', () => {
  let socket: PassThrough;
  let isAwaited: boolean;

  beforeEach(() => {
    vi.useFakeTimers();
    socket = new PassThrough();
    isAwaited = false;
    paceReading(socket as unknown as Socket, 5, () => isAwaited);
  });

  afterEach(() => vi.useRealTimers());

  const receive = (bytes: number) => socket.emit('data', Buffer.alloc(bytes));

  it('reads what comes after silence at once, and then waits 5 ms between two reads', () => {
    receive(10);
    expect(socket.isPaused()).toBe(false);
    receive(10);
    expect(socket.isPaused()).toBe(true);
    vi.advanceTimersByTime(5);
    expect(socket.isPaused()).toBe(false);
    receive(10);
    expect(socket.isPaused()).toBe(true);
    vi.advanceTimersByTime(5 + 10);
    receive(10);
    expect(socket.isPaused()).toBe(false);
  });

  it('does not wait if more is there already, or if somebody waits for an answer', () => {
    receive(10);
    receive(64 * 1024);
    expect(socket.isPaused()).toBe(false);
    isAwaited = true;
    receive(10);
    expect(socket.isPaused()).toBe(false);
  });

  it('leaves a closed socket alone', () => {
    receive(10);
    receive(10);
    socket.emit('close');
    vi.advanceTimersByTime(5);
    expect(socket.isPaused()).toBe(true);
  });
});
