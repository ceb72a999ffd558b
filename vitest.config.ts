import { defineConfig } from 'vitest/config';

// The quick inner loop: everything that needs nothing but Node. What needs a real
// Asterisk or a browser lies in test/real/ and has a configuration of its own there.
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/real/**', 'test/attacks/**', 'node_modules/**'],
    // `PATCHBAY_TEST_STORE=postgres`: what doesn't care where it keeps its contacts does so in PostgreSQL, with the queue in Redis.
    globalSetup: process.env.PATCHBAY_TEST_STORE === 'postgres' ? ['test/support/postgres-and-redis.ts'] : [],
    pool: 'forks',
    maxWorkers: '100%',
    testTimeout: 90_000,
    hookTimeout: 60_000,
  },
});
