import type { AddressInfo, Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerAuthentication, type SMTPServerOptions } from 'smtp-server';

/** Answers of the scripted server: an error like `550 5.1.1 no such user`, or null to accept. */
export interface SmtpScript {
  mail: string | null;
  rcpt: string | null;
  /** Recipients that are refused as unknown. */
  refuse: readonly string[];
  /** After the whole letter. */
  data: string | null;
  /** When the connection is cut: while the letter is being sent, or after all of it has arrived but before the answer. */
  cut: 'never' | 'during' | 'after';
}

/** A scripted SMTP server on the `smtp-server` library. It keeps the letters it accepts and answers as the test scripts it. */
export class ScriptedSmtp {
  readonly script: SmtpScript = { mail: null, rcpt: null, refuse: [], data: null, cut: 'never' };
  /** Accepted letters, including those whose answer was cut off. */
  readonly taken: { readonly from: string; readonly to: readonly string[]; readonly raw: Buffer }[] = [];
  readonly logins: SMTPServerAuthentication[] = [];
  readonly #server: SMTPServer;
  readonly #sockets = new Set<Socket>();

  constructor(options: SMTPServerOptions = {}) {
    this.#server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      allowInsecureAuth: true,
      logger: false,
      onAuth: (auth, _session, done) => {
        this.logins.push(auth);
        const right = auth.password === 'secret' || auth.accessToken === 'token';
        if (right) done(null, { user: auth.username });
        else done(refusal('535 5.7.8 wrong password'));
      },
      onMailFrom: (_address, _session, done) => done(refusal(this.script.mail)),
      onRcptTo: ({ address }, _session, done) => {
        const { rcpt, refuse } = this.script;
        done(refusal(refuse.includes(address) ? '550 5.1.1 no such user here' : rcpt));
      },
      onData: (stream, session, done) => {
        if (this.script.cut === 'during') return void stream.once('data', () => this.cut());
        void buffer(stream).then((raw) => {
          const { data, cut } = this.script;
          const { mailFrom, rcptTo } = session.envelope;
          if (data === null)
            this.taken.push({ from: mailFrom ? mailFrom.address : '', to: rcptTo.map(({ address }) => address), raw });
          if (cut === 'after') return this.cut();
          done(refusal(data));
        }, done);
      },
      ...options,
    });
    this.#server.on('error', () => undefined);
    this.#server.server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  /** Cuts every connection without an answer. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async listen(port = 0): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
    return (this.#server.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}

function refusal(answer: string | null): Error | null {
  if (answer === null) return null;
  return Object.assign(new Error(answer.slice(4)), { responseCode: Number(answer.slice(0, 3)) });
}
