import { Redis, type RedisOptions } from 'ioredis';

const retryPause = 500;
const connectPatience = 3000;
/** A Redis that takes longer for one command counts as away. */
export const commandPatience = 2000;

/** A connection whose commands fail within {@link commandPatience}, or at once while there is none. Not connected yet. */
export function impatientConnection(url: string): Redis {
  return open(url, {
    lazyConnect: true,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    commandTimeout: commandPatience,
  });
}

/** A connection whose commands wait until they can be carried out, as BullMQ's workers want it. */
export function patientConnection(url: string): Redis {
  return open(url, { maxRetriesPerRequest: null });
}

function open(url: string, options: Omit<RedisOptions, 'replyMapping'>): Redis {
  const redis = new Redis(url, {
    connectTimeout: connectPatience,
    retryStrategy: () => retryPause,
    disableClientInfo: true,
    ...options,
  });
  // Who asks is told by the command that fails; without a listener ioredis writes to the console.
  redis.on('error', () => undefined);
  return redis;
}

/** What went wrong, in words that may be logged: never the command itself, which may be the login with its password. */
export function troubleOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown trouble';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null;
  return code ?? error.message.slice(0, 200);
}
