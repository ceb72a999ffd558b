import { failFastConnection, troubleOf } from '../../delivery/redis/connection.ts';
import { judge, readFacts } from '../../delivery/redis/server-facts.ts';
import type { Finding } from '../../domain/base/finding.ts';

/** Checks whether Redis answers and is configured as a queue needs it. The output does not contain its password. */
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
    return { ok: false, detail: `Redis at ${where} can't be connected to: ${troubleOf(trouble ?? error)}` };
  } finally {
    redis.disconnect();
  }
}
