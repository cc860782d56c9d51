// Two projects: everything under Node, and the edge plus the runtime-neutral core again inside workerd.
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin';
import { defineConfig } from 'vitest/config';
import { SummaryReporter } from './tools/summary-reporter.ts';

// The local Workers runtime would otherwise ask Cloudflare for request metadata and send usage figures.
process.env.CLOUDFLARE_CF_FETCH_ENABLED ??= 'false';
process.env.WRANGLER_SEND_METRICS ??= 'false';
process.env.WRANGLER_SEND_ERROR_REPORTS ??= 'false';

// Tests start some hundred programs, which spend half of their start on stripping types.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(
  new URL('node_modules/.cache/compile', import.meta.url),
);

export default defineConfig({
  test: {
    reporters: ['default', new SummaryReporter()],
    // Vitest leaves one core free, which on two is half: many tests wait for programs they started.
    maxWorkers: availableParallelism(),
    projects: [
      {
        test: {
          name: 'node',
          include: ['{shared,trainer,device,tools,bench}/**/*.test.ts', 'edge/**/*.node.test.ts'],
          exclude: ['**/node_modules/**', 'bench/.venv/**'],
          setupFiles: ['./tools/seed-properties.ts'],
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
          setupFiles: ['./tools/seed-properties.ts'],
          testTimeout: 30_000,
        },
      },
    ],
  },
});
