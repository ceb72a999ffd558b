import { defineConfig } from 'vitest/config';

// What needs real counterparts: Asterisk in its Debian roots, SIPp, a browser. One file after the other: they share
// two processor cores, and the clocks of phones are part of what is judged. `scripts/test` prepares the roots.
export default defineConfig({
  test: {
    include: ['test/real/**/*.test.ts'],
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 120_000,
  },
});
