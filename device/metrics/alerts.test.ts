import { type GatewayAlert, gatewayAlertSchema } from '@dandan/shared/wire';
import { expect, test } from 'vitest';
import { createLogger } from '../log/index.ts';
import { createAlerts } from './alerts.ts';

test('createAlerts() tells once per interval and code, with the cases since', () => {
  let time = 0;
  const told: GatewayAlert[] = [];
  const alert = createAlerts({
    log: createLogger({ write: () => {} }),
    publish: (body) => told.push(gatewayAlertSchema.parse(body)),
    now: () => time,
  });
  alert('outbox-full', 'first', 3);
  alert('outbox-full', 'second', 4);
  alert('edge-unauthorised', 'other');
  time = 10_000;
  alert('outbox-full', 'third');
  expect(told.map(({ code, message, count }) => `${code} ${message} ${count}`)).toEqual([
    'outbox-full first 3',
    'edge-unauthorised other 1',
    'outbox-full third 5',
  ]);
});
