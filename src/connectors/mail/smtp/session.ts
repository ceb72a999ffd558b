import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { Credentials } from '../imap/credentials.ts';
import type { ComposedLetter } from './compose.ts';
import type { SmtpServer } from './server.ts';
import { tokenLogin } from './token-login.ts';

/** Time limits in milliseconds. RFC 5321 allows ten minutes for the last answer. */
const timeouts = { connectionTimeout: 20_000, greetingTimeout: 30_000, dnsTimeout: 20_000, socketTimeout: 180_000 };

/** An error of an SMTP session, with the progress of the letter. */
export class SmtpError extends Error {
  /** `handed`: all bytes were sent, but no answer was received. Before that, the server cannot have accepted the letter. */
  readonly reached: 'before' | 'handed';
  /** nodemailer's error code: ESOCKET, EAUTH, EENVELOPE… */
  readonly code: string;
  /** The command that the server refused. */
  readonly command: string | null;
  /** The server's answer, if there was one. */
  readonly answer: string | null;

  constructor(reached: SmtpError['reached'], cause: unknown) {
    const { code, command, response, message } = cause as Partial<SMTPConnection.SMTPError> & { message?: string };
    super(message ?? 'the mail server for outgoing letters failed', { cause });
    this.reached = reached;
    this.code = String(code ?? '');
    this.command = command ?? null;
    this.answer = typeof response === 'string' ? response : null;
  }
}

/** Runs a command in a session. Also rejects if the connection breaks or the program stops. */
type Step = (act: (connection: SMTPConnection, done: (error: unknown) => void) => void) => Promise<void>;

/**
 * Sends one letter. Resolves once the server accepted it, with the recipients that it refused; rejects with {@link SmtpError}, also if it
 * refused them all.
 */
export async function handOver(
  letter: ComposedLetter,
  server: SmtpServer,
  credentials: Credentials | null,
  signal: AbortSignal,
): Promise<readonly string[]> {
  let refused: readonly string[] = [];
  let reached: SmtpError['reached'] = 'before';
  const source = letter.open();
  source.on('error', () => undefined);
  try {
    await inSession(server, credentials, signal, async (step) => {
      source.once('end', () => {
        reached = 'handed';
      });
      const envelope = { from: letter.from, to: [...letter.recipients], size: Math.ceil(letter.size) };
      await step((connection, done) =>
        connection.send(envelope, source, (error, info) => {
          refused = info?.rejected ?? [];
          done(error);
        }),
      );
    });
    return refused;
  } catch (error) {
    // The server answered, so it is known that it did not accept the letter.
    const answered = typeof (error as { response?: unknown }).response === 'string';
    throw new SmtpError(answered ? 'before' : reached, error);
  } finally {
    source.destroy();
  }
}

/** Logs in and quits, to test the settings. */
export async function greet(server: SmtpServer, credentials: Credentials | null, signal: AbortSignal): Promise<void> {
  await inSession(server, credentials, signal, async () => undefined);
}

async function inSession(
  { host, port, tls }: SmtpServer,
  credentials: Credentials | null,
  signal: AbortSignal,
  act: (step: Step) => Promise<void>,
): Promise<void> {
  const login = credentials === null ? null : loginBy(credentials);
  const connection = new SMTPConnection({
    host,
    port,
    secure: tls !== 'starttls' && tls !== false,
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === false,
    // This keeps our host name private, and some servers refuse names that do not resolve.
    name: '[127.0.0.1]',
    ...timeouts,
    ...(typeof tls === 'object' && { tls }),
    ...(login?.handler !== undefined && { customAuth: { XOAUTH2: login.handler } }),
  });
  let onAbort = (): void => undefined;
  const broken = new Promise<never>((_, reject) => {
    connection.on('error', reject);
    // The waiting command reports what the server said before it closed.
    connection.on('end', () => setImmediate(() => reject(new Error('the mail server closed the connection'))));
    onAbort = () => reject(new Error('the program is stopping'));
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
  });
  broken.catch(() => undefined);
  const step: Step = (what) =>
    Promise.race([
      broken,
      new Promise<void>((resolve, reject) => what(connection, (error) => (error ? reject(error) : resolve()))),
    ]);
  try {
    await step((_, done) => connection.connect(done));
    if (login !== null) await step((_, done) => connection.login(login.auth, done));
    await act(step);
    connection.quit();
  } finally {
    signal.removeEventListener('abort', onAbort);
    connection.close();
  }
}

function loginBy({ user, pass, accessToken }: Credentials) {
  if (accessToken !== undefined) return tokenLogin({ user, accessToken });
  return { auth: { credentials: { user, pass: pass ?? '' } }, handler: undefined };
}
