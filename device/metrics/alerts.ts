// Alerts: what a person must know, told at most once per interval and code.
import type { GatewayAlert } from '@dandan/shared/wire';
import { createRateLimit, type Logger } from '../log/index.ts';

/** An operator's panel shows a lasting trouble this often. */
const ALERT_INTERVAL_MS = 10_000;

export type Alert = (code: GatewayAlert['code'], message: string, count?: number) => void;

export interface AlertsOptions {
  readonly log: Logger;
  readonly publish: (alert: GatewayAlert) => void;
  /** Milliseconds since the epoch. @default {Date.now} */
  readonly now?: () => number;
}

/** A function that tells or, within the interval, adds the cases to the next alert of the code. */
export function createAlerts({ log, publish, now = Date.now }: AlertsOptions): Alert {
  const admit = createRateLimit({ intervalMs: ALERT_INTERVAL_MS, now });
  const untold = new Map<string, number>();
  return function alert(code, message, count = 1) {
    const cases = (untold.get(code) ?? 0) + count;
    untold.set(code, cases);
    if (admit(code) === 0) return;
    untold.delete(code);
    log.error('alert', { code, reason: message, count: cases });
    publish({ t: now(), code, message, count: cases });
  };
}
