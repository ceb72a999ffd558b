import type { WebSocket } from 'ws';
import type { View } from '../domain/interaction/view.ts';
import type { ServerMessage } from './protocol.ts';

/** Unsent bytes at which a slow reader is disconnected. */
const maxBuffered = 1024 * 1024;
/** Milliseconds that a peer has to answer a close frame. */
const closeDeadline = 2000;

/** The connection of one open page. */
export class DeskSocket {
  readonly #socket: WebSocket;
  readonly #onSlow: () => void;
  /** What the page may show; null: everything. */
  readonly view: View | null;
  /** The conversation that the page shows, or null. */
  conversation: string | null = null;
  /** Whether the peer has answered since the last ping. */
  alive = true;

  constructor(socket: WebSocket, view: View | null, onSlow: () => void) {
    this.#socket = socket;
    this.view = view;
    this.#onSlow = onSlow;
    socket.on('pong', () => {
      this.alive = true;
    });
  }

  send(message: ServerMessage): void {
    this.sendText(JSON.stringify(message));
  }

  /** Sends JSON text, so that a message for many tabs is serialised once. */
  sendText(text: string): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    if (this.#socket.bufferedAmount > maxBuffered) {
      this.#onSlow();
      this.#socket.terminate();
      return;
    }
    this.#socket.send(text);
  }

  ping(): void {
    this.alive = false;
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.ping();
  }

  /** Closes with a reason. A peer that does not answer in time is disconnected. */
  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
    setTimeout(() => this.#socket.terminate(), closeDeadline).unref();
  }

  terminate(): void {
    this.#socket.terminate();
  }
}
