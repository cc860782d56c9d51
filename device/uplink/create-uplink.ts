// All that a gateway has to do with the edge: rows it is not sure of, and what it tells of itself.
import { join } from 'node:path';
import type { GatewayConfig, Secrets } from '../config/index.ts';
import type { Updater } from '../models/update/index.ts';
import type { Transport } from '../mqtt/index.ts';
import type { Outbox } from '../outputs/outbox/index.ts';
import { createBackoff } from '../retry/index.ts';
import {
  concatRows,
  createEdgeRoute,
  createEscalator,
  createNoRoute,
  type EdgeRoute,
  type Escalator,
  type EscalatorOptions,
} from './escalation/index.ts';
import { createEdgePost, createEdgeReport, type EdgeReport } from './report/index.ts';

export interface UplinkOptions
  extends Pick<EscalatorOptions, 'publish' | 'isConnected' | 'metrics' | 'log' | 'alert'> {
  readonly config: GatewayConfig;
  readonly secrets: Secrets;
  readonly home: Transport;
  readonly outbox: Outbox;
  readonly updater: () => Updater;
  readonly software: string;
}

export interface Uplink {
  readonly route: EdgeRoute;
  readonly escalator: Escalator;
  /** `undefined` where the configuration says that nothing is told, or that there is no edge. */
  readonly report: EdgeReport | undefined;
}

/** @throws {InputError} `escalation-state-unusable`. */
export async function createUplink(options: UplinkOptions): Promise<Uplink> {
  const { config, secrets, home, outbox, updater, software, log } = options;
  const { site, gateway, data, edge, escalation, edgeReport } = config;
  const { via, url = '', timeoutMs } = edge;
  const access = { url, key: secrets.edgeKey, timeoutMs };
  const route =
    via === 'none'
      ? createNoRoute()
      : await createEdgeRoute({
          via,
          site,
          gateway,
          edge: access,
          transport: home,
          bridgeSecret: secrets.bridgeSecret,
          log,
        });
  const isTold = edgeReport.enabled && via !== 'none';
  const report = isTold
    ? createEdgeReport({
        ...edgeReport,
        post: createEdgePost(access),
        software,
        models: () => updater().heartbeat(),
        onAnswer: (answer) => updater().heard(answer),
        outbox,
        concatRows,
        isBusy: () => escalator.snapshot().undelivered > 0,
        log,
      })
    : undefined;
  const escalator = createEscalator({
    ...options,
    edge: route.link,
    batchRows: edge.batchRows,
    batchDelayMs: edge.batchDelayMs,
    answerWithinMs: edge.timeoutMs,
    backoff: createBackoff({ minMs: edge.retryMinMs, maxMs: edge.retryMaxMs }),
    breaker: escalation.breaker,
    budget: escalation.budget,
    whenSpent: escalation.budget.whenSpent,
    maxAgeMs: escalation.maxAgeMs,
    stateFile: join(data, 'escalation.sqlite'),
  });
  return { route, escalator, report };
}
