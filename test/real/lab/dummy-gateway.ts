import { type ChildProcess, spawn } from 'node:child_process';
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** The parameters of a request: the query of the AGI or HTTP request. */
export type Question = URLSearchParams;

/** An answer of the dummy: channel variables for FastAGI, a dial string for HTTP. */
export interface DummyAnswer {
  readonly PATCHBAY_DECISION: string;
  readonly PATCHBAY_DIAL: string;
  readonly PATCHBAY_EXTENSION: string;
  readonly PATCHBAY_TIMEOUT: string;
}

/** A stand-in for the gateway. It answers requests in sequence, repeats its last answer, and records the requests. */
export class DummyGateway {
  readonly questions: Question[] = [];
  /** Authorization headers received over HTTP. */
  readonly authorizations: string[] = [];
  readonly #answers: DummyAnswer[];
  readonly #sockets = new Set<Socket>();
  #server: Server | HttpServer | undefined;

  constructor(answers: readonly DummyAnswer[]) {
    this.#answers = [...answers];
  }

  /** Listens for FastAGI. */
  async listenAgi(port: number): Promise<void> {
    const server = createServer((socket) => {
      this.#sockets.add(socket);
      let text = '';
      socket.on('error', () => socket.destroy());
      socket.on('data', (chunk) => {
        const asked = text.includes('\n\n');
        text += String(chunk);
        if (asked || !text.includes('\n\n')) return;
        const script = /^agi_network_script: (.*)$/m.exec(text)?.[1] ?? '';
        const answer = this.#next(new URLSearchParams(script.slice(script.indexOf('?') + 1)));
        socket.end(
          Object.entries(answer)
            .map(([name, value]) => `SET VARIABLE ${name} "${value}"\n`)
            .join(''),
        );
      });
    });
    this.#server = server;
    await listening(server, port);
  }

  /** Listens for `GET /api/v1/route`. With a status other than 200 it answers a problem document, like the real one. */
  async listenHttp(port: number, status = 200): Promise<void> {
    const server = createHttpServer((request, response) => {
      this.authorizations.push(request.headers.authorization ?? '');
      const { searchParams } = new URL(request.url ?? '/', 'http://gateway');
      const answer = this.#next(searchParams);
      response.writeHead(status, { 'content-type': status === 200 ? 'text/plain' : 'application/problem+json' });
      response.end(status === 200 ? answer.PATCHBAY_DIAL : '{"type":"urn:patchbay:forbidden","title":"PJSIP/101"}');
    });
    server.on('connection', (socket) => this.#sockets.add(socket));
    this.#server = server;
    await listening(server, port);
  }

  /** Closes the port and all connections. */
  async close(): Promise<void> {
    const server = this.#server;
    for (const socket of this.#sockets) socket.destroy();
    if (server !== undefined) await new Promise((resolve) => server.close(resolve));
  }

  #next(question: Question): DummyAnswer {
    this.questions.push(question);
    const answer = this.#answers.length > 1 ? this.#answers.shift() : this.#answers[0];
    if (answer === undefined) throw new Error('the dummy gateway has no answer');
    return answer;
  }
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });
}

/** A stopped process that holds a port: the kernel accepts connections, but nothing reads them. */
export class FrozenListener {
  readonly #process: ChildProcess;
  readonly #port: number;
  readonly #fillers: Socket[] = [];

  private constructor(process: ChildProcess, port: number) {
    this.#process = process;
    this.#port = port;
  }

  /** Starts it and sends SIGSTOP once it listens. */
  static async start(port: number): Promise<FrozenListener> {
    const script = `require('net').createServer().listen({ port: ${port}, host: '127.0.0.1', backlog: 1 }, () => console.log('listening'))`;
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', process.execPath, '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise<void>((resolve, reject) => {
      child.stdout.once('data', () => resolve());
      child.once('exit', (code) => reject(new Error(`the frozen listener ended with ${code}`)));
    });
    child.kill('SIGSTOP');
    return new FrozenListener(child, port);
  }

  /** Fills the kernel's accept queue: from then on connection attempts get no answer, as from a machine that is off. */
  async fill(): Promise<void> {
    for (let count = 0; count < 64; count++) {
      const socket = connect({ host: '127.0.0.1', port: this.#port });
      socket.on('error', () => socket.destroy());
      this.#fillers.push(socket);
      const taken = await new Promise<boolean>((resolve) => {
        const timer = setTimeout(() => resolve(false), 300);
        socket.once('connect', () => {
          clearTimeout(timer);
          resolve(true);
        });
      });
      if (!taken) return;
    }
    throw new Error('64 connections did not fill a backlog of 1');
  }

  /** Ends it and its connections. */
  async stop(): Promise<void> {
    for (const socket of this.#fillers) socket.destroy();
    const gone = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.kill('SIGKILL');
    await gone;
  }
}

/** What listens on the gateway's port during a test, depending on how the dialplan asks. */
export class GatewayPort {
  readonly #way: 'agi' | 'curl';
  readonly #port: number;
  #undo: (() => Promise<void>)[] = [];

  constructor(way: 'agi' | 'curl', port: number) {
    this.#way = way;
    this.#port = port;
  }

  /** A gateway that gives these answers, over HTTP with this status. */
  async answering(answers: readonly DummyAnswer[], status?: number): Promise<DummyGateway> {
    const dummy = new DummyGateway(answers);
    await (this.#way === 'agi' ? dummy.listenAgi(this.#port) : dummy.listenHttp(this.#port, status));
    this.#undo.push(() => dummy.close());
    return dummy;
  }

  /** A gateway stopped by SIGSTOP. */
  async frozen(): Promise<FrozenListener> {
    const listener = await FrozenListener.start(this.#port);
    this.#undo.push(() => listener.stop());
    return listener;
  }

  /** Nothing listens any more. */
  async clear(): Promise<void> {
    for (const undo of this.#undo) await undo();
    this.#undo = [];
  }
}
