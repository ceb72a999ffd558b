import { Redis, type RedisOptions } from 'ioredis';

const retryPause = 500;
const connectPatience = 3000;
/** If a command takes longer than this many milliseconds, Redis counts as unavailable. */
const commandPatience = 2000;

/**
 * A connection whose commands fail within {@link commandPatience}, or at once without a connection. It does not
 * connect yet.
 */
export function failFastConnection(url: string): Redis {
  return open(url, {
    lazyConnect: true,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    commandTimeout: commandPatience,
  });
}

/** A connection whose commands wait until they can be executed, as BullMQ requires for workers. */
export function retryingConnection(url: string): Redis {
  return open(url, { maxRetriesPerRequest: null });
}

function open(url: string, options: Omit<RedisOptions, 'replyMapping'>): Redis {
  const redis = new Redis(url, {
    connectTimeout: connectPatience,
    retryStrategy: () => retryPause,
    disableClientInfo: true,
    ...options,
  });
  // The failing command reports the error to its caller. Without a listener, ioredis would print it to the console.
  redis.on('error', () => undefined);
  return redis;
}

/**
 * A description of an error that may be logged. It never contains the command, which may be the login with its
 * password.
 */
export function troubleOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null;
  return code ?? error.message.slice(0, 200);
}
