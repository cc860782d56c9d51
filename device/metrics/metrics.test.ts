import { gatewayMetricsSchema } from '@dandan/shared/wire';
import { expect, test } from 'vitest';
import { createMetrics } from './metrics.ts';

test('createMetrics() counts, and its snapshots keep to the schema of the wire', () => {
  const metrics = createMetrics({ stages: 2, pending: () => 7, now: () => 5 });
  const before = metrics.snapshot();
  metrics.add('samples', 3);
  metrics.add('rows');
  metrics.answeredAt(2);
  const after = gatewayMetricsSchema.parse(metrics.snapshot());
  expect(after).toMatchObject({ t: 5, samples: 3, rows: 1, byStage: [0, 1], pending: 7 });
  expect(gatewayMetricsSchema.parse(before)).toMatchObject({ samples: 0, byStage: [0, 0] });
});
