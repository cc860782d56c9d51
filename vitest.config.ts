// Two projects: everything under Node, and the edge plus the runtime-neutral core again inside workerd.
import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'node',
          include: ['{shared,trainer,device,tools}/**/*.test.ts', 'edge/**/*.node.test.ts'],
          exclude: ['**/node_modules/**'],
          testTimeout: 30_000,
        },
      },
      {
        plugins: [
          cloudflareTest(async () => ({
            wrangler: { configPath: './wrangler.toml' },
            miniflare: {
              bindings: {
                TEST_MIGRATIONS: await readD1Migrations('edge/migrations'),
                OPERATOR_KEY: 'test-operator-key',
              },
            },
          })),
        ],
        test: {
          name: 'workers',
          include: ['edge/**/*.test.ts', 'shared/**/*.test.ts'],
          exclude: ['**/node_modules/**', '**/*.node.test.ts'],
          testTimeout: 30_000,
        },
      },
    ],
  },
});
