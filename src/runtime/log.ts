import { type DestinationStream, type Logger as PinoLogger, pino } from 'pino';

/** The logger of every part. Messages are static, data is passed as fields, and personal data is never logged. */
export type Logger = Pick<PinoLogger, 'debug' | 'info' | 'warn' | 'error'> & {
  child(bindings: Record<string, unknown>): Logger;
};

/** Settings of the root logger; `level` is pino's. */
export interface LogOptions {
  readonly level: string;
  readonly destination?: DestinationStream;
}

/**
 * Field names that must never reach a log, one or two levels deep. This is a safety net: such fields must not be
 * passed to the logger in the first place.
 */
const forbidden = [
  'secret',
  'password',
  'token',
  'authorization',
  'cookie',
  'phone',
  'email',
  'callerId',
  'callerName',
  'raw',
  'text',
];

/** How many characters are buffered while the log cannot be written; more is lost. */
const maxBacklog = 1_000_000;

/**
 * Standard output. A full disk behind it must not crash the program while calls depend on it; logging resumes when
 * there is space.
 */
function standardOutput(): DestinationStream {
  const output = pino.destination({ fd: 1, sync: true, maxLength: maxBacklog });
  output.on('error', () => undefined);
  return output;
}

/** Creates the root logger, which writes JSON lines to stdout by default. */
export function createLogger(options: LogOptions): Logger {
  const settings = {
    level: options.level,
    base: null,
    redact: { paths: forbidden.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]), censor: '[hidden]' },
  };
  return pino(settings, options.destination ?? standardOutput());
}

/** A logger without output, for tests and one-shot commands. */
export const silentLogger: Logger = pino({ level: 'silent' });
