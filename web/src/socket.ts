import type { ClientMessage, ServerMessage } from '../../src/desk/protocol.ts';

/** What the desk's connection tells the page. */
export interface SocketHandlers {
  onMessage(message: ServerMessage): void;
  onOnline(online: boolean): void;
  /** The connection was refused or lost before a greeting: perhaps the session is over. */
  onRefused(): void;
  /** Closed for good: more pages of the same person are open than the server keeps. */
  onTooMany(): void;
}

const shortest = 500;
const longest = 15_000;
const resumeRef = 'resume';

/** The desk's WebSocket: comes back by itself, with a jittered and growing wait, and resumes where it was. */
export class DeskConnection {
  readonly #handlers: SocketHandlers;
  #socket: WebSocket | null = null;
  #attempt = 0;
  #timer: number | undefined;
  #closed = false;
  /** What a reconnect resumes from; null before the first hello. */
  #seq: number | null = null;
  /** The highest number heard while a resume is under way; counts only once the resume is through. */
  #heard = 0;
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
      this.#handlers.onOnline(false);
      if (this.#closed) return;
      if (event.code === 4401) return location.reload();
      if (event.code === 4429) return this.#handlers.onTooMany();
      if (!greeted) this.#handlers.onRefused();
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

  #count(message: ServerMessage): void {
    switch (message.type) {
      case 'hello':
        this.#attempt = 0;
        this.#handlers.onOnline(true);
        this.#heard = message.seq;
        this.#resuming = this.#seq !== null;
        if (this.#seq === null) this.#seq = message.seq;
        else this.send({ type: 'resume', ref: resumeRef, seq: this.#seq });
        return;
      case 'pop':
      case 'update':
        this.#heard = Math.max(this.#heard, message.seq);
        break;
      case 'reset':
        this.#heard = message.seq;
        break;
      case 'ok':
        if (message.ref === resumeRef) this.#resuming = false;
        break;
      default:
        return;
    }
    if (!this.#resuming) this.#seq = this.#heard;
  }
}
