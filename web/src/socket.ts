import type { ClientMessage, ServerMessage } from '../../src/desk/protocol.ts';

/** What the desk's connection tells the page. */
export interface SocketHandlers {
  onMessage(message: ServerMessage): void;
  onOnline(online: boolean): void;
  /** Where to resume from after a reconnect; null on a fresh page. */
  resumeFrom(): number | null;
}

const shortest = 500;
const longest = 15_000;

/** The desk's WebSocket: comes back by itself, with a jittered and growing wait, and resumes where it was. */
export class DeskConnection {
  readonly #handlers: SocketHandlers;
  #socket: WebSocket | null = null;
  #attempt = 0;
  #timer: number | undefined;
  #closed = false;

  constructor(handlers: SocketHandlers) {
    this.#handlers = handlers;
  }

  open(): void {
    const socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/desk`);
    this.#socket = socket;
    socket.onmessage = (event) => {
      const message = JSON.parse(String(event.data)) as ServerMessage;
      if (message.type === 'hello') {
        this.#attempt = 0;
        this.#handlers.onOnline(true);
        const seq = this.#handlers.resumeFrom();
        if (seq !== null) this.send({ type: 'resume', seq });
      }
      this.#handlers.onMessage(message);
    };
    socket.onclose = (event) => {
      this.#handlers.onOnline(false);
      if (this.#closed) return;
      if (event.code === 4401) return location.reload();
      const ceiling = Math.min(longest, shortest * 2 ** this.#attempt);
      this.#attempt += 1;
      this.#timer = window.setTimeout(() => this.open(), shortest + Math.random() * ceiling);
    };
  }

  /** Sends a decision; false while there is no connection. */
  send(message: ClientMessage): boolean {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#socket?.close();
  }
}
