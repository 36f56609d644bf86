import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    // Two workers: the suite is meant for a laptop or a small CI machine, and the end-to-end tests start threads of their own.
    maxWorkers: 2,
    env: { TZ: 'UTC' },
  },
});
