import type { Logger } from '../../runtime/log.ts';
import type { RedisQueues } from './queues.ts';

/** The queues in Redis, loaded only where they are configured; null for `local`. */
export async function redisQueues(url: string, log: Logger): Promise<RedisQueues | null> {
  if (url === 'local') return null;
  const { RedisQueues } = await import('./queues.ts');
  return new RedisQueues({ url, log });
}
