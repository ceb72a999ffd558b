import { type DestinationStream, type Logger as PinoLogger, pino } from 'pino';

/** What every part logs with. Messages are static, data goes beside them, personal data goes nowhere. */
export type Logger = Pick<PinoLogger, 'debug' | 'info' | 'warn' | 'error'> & {
  child(bindings: Record<string, unknown>): Logger;
};

/** How the program logs: `level` is pino's, `pretty` is for a human at a terminal. */
export interface LogOptions {
  readonly level: string;
  readonly destination?: DestinationStream;
}

/**
 * Field names that must never reach a log, wherever they turn up one or two levels deep.
 * A safety net: the rule itself is that such a field is not passed to the logger at all.
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

/** What waits while the log can't be written, in characters; what comes beyond is lost. */
const longestBacklog = 1_000_000;

/** Standard output. A full disk behind it must not end the program that calls hang on: it is written again when there is room. */
function standardOutput(): DestinationStream {
  const output = pino.destination({ fd: 1, sync: true, maxLength: longestBacklog });
  output.on('error', () => undefined);
  return output;
}

/** Builds the root logger. Writes JSON lines to stdout unless told otherwise. */
export function createLogger(options: LogOptions): Logger {
  const settings = {
    level: options.level,
    base: null,
    redact: { paths: forbidden.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]), censor: '[hidden]' },
  };
  return pino(settings, options.destination ?? standardOutput());
}

/** A logger that says nothing, for tests and one-shot commands. */
export const silentLogger: Logger = pino({ level: 'silent' });
