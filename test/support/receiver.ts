import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that a receiver accepted. */
export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A CRM on a real socket: records requests, answers as scripted, and can wait for more. */
export class Receiver {
  readonly received: Received[] = [];
  /** Its answer; may be changed at any time. */
  answer: (response: ServerResponse, count: number) => void = (response) => response.end('{}');
  readonly #server: Server;
  #waiting: (() => void)[] = [];

  constructor() {
    this.#server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      this.received.push({ headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
      for (const wake of this.#waiting.splice(0)) wake();
      this.answer(response, this.received.length);
    });
  }

  /** Starts listening; returns its URL. */
  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/in`;
  }

  /** Waits until it has received `count` requests. */
  async until(count: number): Promise<void> {
    while (this.received.length < count) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}
