import { describe, expect, it } from 'vitest';
import { judge, readFacts } from '../../src/delivery/redis/server-facts.ts';

const info = (version: string, eviction: string, aof: string) =>
  `# Server\r\nredis_version:${version}\r\nos:Linux\r\n# Memory\r\nmaxmemory_policy:${eviction}\r\n# Persistence\r\naof_enabled:${aof}\r\n`;

describe('the facts reported by Redis', () => {
  it('are read from INFO', () => {
    const facts = readFacts(info('7.0.15', 'noeviction', '1'));
    expect(facts).toEqual({ version: '7.0.15', eviction: 'noeviction', appendOnly: true });
    expect(judge(facts)).toEqual({ refusal: null, warning: null });
  });

  it.each(['6.2.0', '7.2.4', '10.0.1'])('accept version %s', (version) => {
    expect(judge(readFacts(info(version, 'noeviction', '1'))).refusal).toBeNull();
  });

  it.each(['5.0.14', '6.0.16', ''])('reject version "%s", and state the required one', (version) => {
    expect(judge(readFacts(info(version, 'noeviction', '1'))).refusal).toMatch(/expected Redis 6\.2 or newer/);
  });

  it('reject a Redis that evicts keys, and warn about one without AOF', () => {
    expect(judge(readFacts(info('7.0.15', 'allkeys-lru', '1'))).refusal).toMatch(/allkeys-lru.*noeviction/);
    expect(judge(readFacts(info('7.0.15', 'noeviction', '0')))).toMatchObject({
      refusal: null,
      warning: expect.stringContaining('appendonly yes'),
    });
  });
});
