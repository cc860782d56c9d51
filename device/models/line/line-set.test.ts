import { createTestBundle } from '@dandan/shared/testing';
import { expect, test } from 'vitest';
import { createLogger } from '../../log/index.ts';
import { TEST_SPEC } from '../../testing/telemetry-spec.ts';
import { loadModel } from '../cascade/index.ts';
import { createLineSet } from './line-set.ts';

const COMPARING = {
  ...TEST_SPEC,
  upstream: {
    assets: { oven: ['press-1', 'press-2'], cooler: ['oven'] },
    columns: [{ channel: 'temperature', statistic: 'mean' as const }],
  },
};

async function logOf(assets: readonly string[], telemetry = COMPARING): Promise<unknown[]> {
  const lines: string[] = [];
  const { bytes } = await createTestBundle({ telemetry });
  const set = createLineSet({
    log: createLogger({ write: (line) => lines.push(line) }),
    onChange: () => undefined,
  });
  set.add(assets).serve(await loadModel({ file: 'in memory', bytes, stages: 1 }));
  expect(set.served()).toHaveLength(1);
  return lines.map((line) => JSON.parse(line));
}

test('a line tells of assets upstream that its model does not read', async () => {
  expect(await logOf(['oven', 'cooler', 'press-2'])).toMatchObject([
    { level: 'warn', event: 'upstream-not-read', model: 'test-model', assets: 'press-1' },
  ]);
  expect(await logOf(['cooler', 'oven'])).toMatchObject([{ assets: 'press-1, press-2' }]);
});

test('a line says nothing where its model reads all that it compares', async () => {
  expect(await logOf(['*'])).toEqual([]);
  expect(await logOf(['press-*'])).toEqual([]);
  expect(await logOf(['oven'], { ...COMPARING, upstream: undefined } as never)).toEqual([]);
});
