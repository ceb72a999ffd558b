import type { ClientMessage, ServerMessage } from '../../../src/desk/protocol.ts';

/** What the owner of a connection handles. */
export interface SocketHandlers {
  onMessage(message: ServerMessage): void;
  onOffline(): void;
  /** The connection ended before a greeting: the session may have expired. */
  onRefused(): void;
  /** The server closed the connection for good: the user has too many pages open. */
  onFull(): void;
}

/** Milliseconds between two attempts. */
const minPause = 500;
const maxPause = 15_000;
const resumeRef = 'resume';

/** The desk's WebSocket. It reconnects by itself with growing, jittered pauses, and resumes where it was. */
export class DeskConnection {
  readonly #handlers: SocketHandlers;
  #socket: WebSocket | null = null;
  #attempt = 0;
  #timer: number | undefined;
  #closed = false;
  /** A reconnect resumes after this number; null before the first greeting. */
  #seq: number | null = null;
  /** The highest number received. During a resume it does not count yet: the connection may break in the middle. */
  #received = 0;
  #resuming = false;

  constructor(handlers: SocketHandlers) {
    this.#handlers = handlers;
  }

  open(): void {
    const socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/desk`);
    let greeted = false;
    this.#socket = socket;
    socket.onmessage = (event) => {
      const message = JSON.parse(String(event.data)) as ServerMessage;
      if (message.type === 'hello') greeted = true;
      this.#count(message);
      this.#handlers.onMessage(message);
    };
    socket.onclose = (event) => {
      if (this.#closed) return;
      if (event.code === 4401) return location.reload();
      if (event.code === 4429) return this.#handlers.onFull();
      this.#handlers.onOffline();
      if (!greeted) this.#handlers.onRefused();
      const ceiling = Math.min(maxPause, minPause * 2 ** this.#attempt);
      this.#attempt += 1;
      this.#timer = window.setTimeout(() => this.open(), minPause + Math.random() * ceiling);
    };
  }

  /** Sends a message; false without a connection. */
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

  #count(message: ServerMessage): void {
    switch (message.type) {
      case 'hello':
        this.#attempt = 0;
        this.#received = message.seq;
        this.#resuming = this.#seq !== null;
        if (this.#seq === null) this.#seq = message.seq;
        else this.send({ type: 'resume', ref: resumeRef, seq: this.#seq });
        return;
      case 'pop':
      case 'update':
        this.#received = Math.max(this.#received, message.seq);
        break;
      case 'reset':
        this.#received = message.seq;
        break;
      case 'ok':
        if (message.ref === resumeRef) this.#resuming = false;
        break;
      default:
        return;
    }
    if (!this.#resuming) this.#seq = this.#received;
  }
}
