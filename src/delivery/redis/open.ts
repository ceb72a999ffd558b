import type { Logger } from '../../runtime/log.ts';
import type { RedisQueues } from './queues.ts';

/** Opens the queues in Redis, or returns null for `local`. The Redis client is loaded only if needed. */
export async function redisQueues(url: string, log: Logger): Promise<RedisQueues | null> {
  if (url === 'local') return null;
  const { RedisQueues } = await import('./queues.ts');
  return new RedisQueues({ url, log });
}
