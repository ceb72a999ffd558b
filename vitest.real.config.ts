import { defineConfig } from 'vitest/config';

// What needs real counterparts: Asterisk in its Debian roots, SIPp, a browser. One file after the other: they share
// two processor cores, and the clocks of phones are part of what is judged. `scripts/test` prepares the roots.
export default defineConfig({
  test: {
    include: ['test/real/**/*.test.ts', 'test/attacks/**/*.test.ts'],
    // `PATCHBAY_TEST_STORE=postgres`: what doesn't care where it keeps its contacts does so in PostgreSQL, with the queue in Redis.
    globalSetup: process.env.PATCHBAY_TEST_STORE === 'postgres' ? ['test/support/postgres-and-redis.ts'] : [],
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 120_000,
  },
});
