// What the gateway says of itself at the home broker: health, metrics, alerts.
import type { GatewayHealth, Topics } from '@dandan/shared/wire';
import type { Logger } from '../../log/index.ts';
import { type Alert, createAlerts, type Metrics } from '../../metrics/index.ts';
import type { Line } from '../../models/line/index.ts';
import type { Transport } from '../../mqtt/index.ts';

/** Time for the last words, metrics and health, when everything else has ended. */
const FAREWELL_MS = 1000;

export interface StatusOptions {
  readonly topics: Topics;
  readonly home: () => Transport;
  readonly lines: () => readonly Line[];
  readonly metrics: Metrics;
  readonly intervalMs: number;
  readonly log: Logger;
}

export interface Status {
  readonly alert: Alert;
  health(status: GatewayHealth['status']): GatewayHealth;
  /** Says that the gateway is there: at every connect, and when what it runs has changed. */
  announce(): void;
  /** Publishes metrics from now on. */
  start(): void;
  stop(): void;
  /** The last metrics, and that the gateway is gone. */
  sayGoodbye(): Promise<void>;
}

export function createStatus(options: StatusOptions): Status {
  const { topics, home, lines, metrics, intervalMs, log } = options;
  const since = Date.now();
  let timer: NodeJS.Timeout | undefined;

  function onLost({ message }: Error): void {
    log.debug('status-not-published', { reason: message });
  }

  const health = (status: GatewayHealth['status']): GatewayHealth => ({
    status,
    models: lines().map(({ model }) => ({
      model: model.name,
      bundle: model.sha256,
      stages: model.stages,
    })),
    since,
  });

  function publish(status: GatewayHealth['status']): void {
    const body = JSON.stringify(health(status));
    home().publish(topics.health, body, { retain: true }).catch(onLost);
  }

  function publishMetrics(): void {
    if (home().state.kind !== 'connected') return;
    home().publish(topics.metrics, JSON.stringify(metrics.snapshot())).catch(onLost);
  }

  return {
    alert: createAlerts({
      log,
      publish: (body) => home().publish(topics.alert, JSON.stringify(body)).catch(onLost),
    }),
    health,
    announce: () => publish('online'),
    start() {
      timer = setInterval(publishMetrics, intervalMs);
    },
    stop: () => clearInterval(timer),
    async sayGoodbye() {
      publishMetrics();
      publish('offline');
      if (home().state.kind !== 'connected') return;
      await home()
        .drain({ signal: AbortSignal.timeout(FAREWELL_MS) })
        .catch(() => {});
    },
  };
}
