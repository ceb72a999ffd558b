import type { Redis } from 'ioredis';
import { type Bucket, type BucketLimit, ceilingOf, LeakyBucket } from '../../runtime/leaky-bucket.ts';

/**
 * Drains the bucket by Redis's clock, then adds a request if it fits under the ceiling. Returns the milliseconds until
 * it would; 0: it was added. A bucket that Redis does not know is taken as full. ARGV: requests a second, size, ceiling.
 */
const takeScript = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local known = redis.call('HMGET', KEYS[1], 'level', 'at')
local level = tonumber(known[1] or ARGV[2])
local passed = math.max(0, now - tonumber(known[2] or now))
level = math.max(0, level - passed / 1000 * ARGV[1])
local excess = level + 1 - ARGV[3]
if excess <= 0 then level = level + 1 end
redis.call('HSET', KEYS[1], 'level', tostring(level), 'at', tostring(now))
if excess <= 0 then return 0 end
return math.ceil(excess / ARGV[1] * 1000)
`;

/** Sets the level to the size. ARGV: size. */
const fillScript = `
local time = redis.call('TIME')
redis.call('HSET', KEYS[1], 'level', ARGV[1], 'at', tostring(time[1] * 1000 + math.floor(time[2] / 1000)))
`;

/** How a bucket reaches Redis. */
export interface BucketLink {
  /** Null while Redis is unavailable. */
  readonly redis: () => Redis | null;
  /** Reports a failed command. */
  readonly doubt: (error: unknown) => void;
}

/** A bucket that several instances share through Redis. While Redis is unavailable, this instance uses its own. */
export class RedisBucket implements Bucket {
  readonly #key: string;
  readonly #limit: BucketLimit;
  readonly #part: BucketLimit;
  readonly #link: BucketLink;
  /** The own bucket of one outage; a new one begins full, since the others may have filled it. */
  #own: LeakyBucket | null = null;

  /** `part` is the limit of the own bucket. */
  constructor(key: string, limit: BucketLimit, part: BucketLimit, link: BucketLink) {
    this.#key = key;
    this.#limit = limit;
    this.#part = part;
    this.#link = link;
  }

  async take(share: number): Promise<number> {
    const { perSecond, size } = this.#limit;
    const pause = await this.#run(takeScript, [perSecond, size, ceilingOf(this.#limit, share)]);
    if (typeof pause === 'number') return pause;
    this.#own ??= new LeakyBucket(this.#part);
    return this.#own.take(share);
  }

  /** Requests drain in Redis as soon as they are made: of those on their way, a dead instance would leave some behind. */
  landed(): void {
    this.#own?.landed();
  }

  async fill(): Promise<void> {
    await this.#run(fillScript, [this.#limit.size]);
    await this.#own?.fill();
  }

  /** Null if Redis is unavailable. */
  async #run(script: string, values: readonly number[]): Promise<unknown> {
    const redis = this.#link.redis();
    if (redis === null) return null;
    try {
      const result = (await redis.eval(script, 1, this.#key, ...values)) ?? 0;
      this.#own = null;
      return result;
    } catch (error) {
      this.#link.doubt(error);
      return null;
    }
  }
}
