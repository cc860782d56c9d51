// The feature spec of the gateway's tests: two channels, windows of two strides.
import type { TimeWindowSpec } from '@dandan/shared/features';

export const TEST_SPEC: TimeWindowSpec = {
  kind: 'telemetry',
  channels: [
    { name: 'vibration', unit: 'mm/s' },
    { name: 'temperature', unit: '°C' },
  ],
  statistics: ['last', 'mean', 'deviation'],
  windowMs: 2000,
  strideMs: 1000,
};
