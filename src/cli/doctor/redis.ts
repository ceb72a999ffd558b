import { failFastConnection, troubleOf } from '../../delivery/redis/connection.ts';
import { judge, readFacts } from '../../delivery/redis/server-facts.ts';
import type { Finding } from './finding.ts';

/** Looks whether the queue's Redis answers and is set up as a queue needs it. Its password is not told. */
export async function examineRedis(url: string): Promise<Pick<Finding, 'ok' | 'detail'>> {
  const redis = failFastConnection(url);
  let trouble: unknown = null;
  redis.on('error', (error: unknown) => {
    trouble ??= error;
  });
  const where = `${redis.options.host}:${redis.options.port}`;
  try {
    await redis.connect();
    const facts = readFacts(await redis.info());
    const { refusal, warning } = judge(facts);
    if (refusal !== null) return { ok: false, detail: `Redis at ${where} can't be used: ${refusal}` };
    return { ok: true, detail: `Redis ${facts.version} at ${where}${warning === null ? '' : `; ${warning}`}` };
  } catch (error) {
    return { ok: false, detail: `Redis at ${where} does not let us in: ${troubleOf(trouble ?? error)}` };
  } finally {
    redis.disconnect();
  }
}
