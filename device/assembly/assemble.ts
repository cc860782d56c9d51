// All parts of a gateway, made and joined. Nothing is connected, read again or timed yet.
import { join } from 'node:path';
import { createTopics, type Prediction } from '@dandan/shared/wire';
import { type GatewayConfig, outboxOptionsOf, type Secrets } from '../config/index.ts';
import { createControl } from '../control/index.ts';
import type { PolicyInForce } from '../control/policy/index.ts';
import { createIntake, openIntakeJournal } from '../intake/index.ts';
import type { PipelineState } from '../intake/pipeline/index.ts';
import { createQualityWatch } from '../intake/quality/index.ts';
import type { RootLogger } from '../log/index.ts';
import { createMetrics } from '../metrics/index.ts';
import { createFailureAlerts, createModels } from '../models/index.ts';
import { createLineSet } from '../models/line/index.ts';
import { createBrokers } from '../mqtt/brokers/index.ts';
import { createForwarding } from '../outputs/forwarding/index.ts';
import { createOutputs, type OutputsState } from '../outputs/index.ts';
import { openOutbox, type WaitingRow } from '../outputs/outbox/index.ts';
import { createStatus } from '../outputs/status/index.ts';
import manifest from '../package.json' with { type: 'json' };
import { createUplink } from '../uplink/index.ts';
import { createAnswering } from './answering/index.ts';
import { createUpkeep } from './upkeep/index.ts';

export interface AssemblyOptions {
  readonly config: GatewayConfig;
  readonly secrets: Secrets;
  readonly log: RootLogger;
}

/** What the journal's snapshots hold. */
export interface GatewayState {
  readonly pipeline: PipelineState;
  readonly lines: Readonly<Record<string, unknown>>;
  readonly outputs: OutputsState;
}

export type Parts = Awaited<ReturnType<typeof assemble>>;

/** @throws {InputError} `outbox-unusable`, `config-invalid`, or `bundle-*` for one in a file. */
export async function assemble(options: AssemblyOptions) {
  const { config, secrets, log } = options;
  const { site, gateway, data } = config;
  const early: WaitingRow[] = [];
  let isOpen = false;
  const software = `dandan-gateway ${manifest.version}`;
  const topics = createTopics({ site, gateway });
  const outbox = openOutbox({
    ...outboxOptionsOf(config.outbox),
    file: join(data, 'outbox.sqlite'),
    onLost,
  });
  const metrics = createMetrics({ stages: 1, pending: () => outbox.pending });
  const journal = await openIntakeJournal(config);
  // Written by this program: the journal holds nothing else.
  const state = journal.recovered.state as GatewayState | undefined;
  const brokers = createBrokers({
    config,
    secrets,
    topics,
    log,
    will: () => status.health('offline'),
    onConnect,
  });
  const { home, isHomeConnected } = brokers;
  const lines = createLineSet({
    flushAfterMs: config.flushAfterMs,
    state: state?.lines,
    log,
    onChange: onLinesChanged,
  });
  const status = createStatus({
    topics,
    home: () => home,
    lines: lines.served,
    metrics,
    intervalMs: config.metricsIntervalMs,
    log,
  });
  const { alert } = status;
  const tellFailures = createFailureAlerts(alert);
  const outputs = createOutputs({
    config,
    topics,
    version: manifest.version,
    home: () => home,
    outbox,
    log,
    state: state?.outputs,
  });
  const forwarding = createForwarding({
    config: config.outbox,
    outgoing: outputs.outgoing,
    outbox,
    home,
    onDelivered: journal.markDelivered,
    metrics,
    alert,
    log,
  });
  const control = createControl({
    config,
    topics,
    home,
    software,
    queueDepth: () => outbox.pending + forwarding.delivery.waiting,
    outgoing: outputs.outgoing,
    updater: () => models.updater,
    followed: () => models.followed(),
    models: () => models.facts(),
    onPolicy,
    log,
  });
  const models = await createModels({
    config,
    secrets,
    lines,
    mayChange: () => control.updateWindow.isOpen(Date.now()),
    onChange(reports) {
      if (isOpen) control.remote?.touch();
      tellFailures(reports);
    },
    log,
  });
  const { escalator, route, report } = await createUplink({
    config,
    secrets,
    home,
    outbox,
    updater: () => models.updater,
    software,
    publish: publishFromEdge,
    isConnected: isHomeConnected,
    metrics,
    log,
    alert,
  });
  const answering = createAnswering({
    metrics,
    delivery: forwarding.delivery,
    escalator,
    report,
    onAnswered: models.answered,
    onFailed: (line, { message }) =>
      log.error('rows-not-answered', { model: line.model.name, reason: message }),
  });
  const quality = createQualityWatch({
    config: config.quality,
    onEvent(event) {
      log[event.kind === 'raised' ? 'warn' : 'info'](`${event.code}-${event.kind}`, { ...event });
      if (event.kind === 'cleared') return;
      alert(event.code, `${event.asset}/${event.channel ?? '*'}: ${event.detail}`);
    },
  });
  const intake = createIntake({
    config,
    journal,
    lines,
    brokers,
    metrics,
    quality,
    log,
    state: state?.pipeline,
    onRows(line, built, policy) {
      if (models.hosts.some((host) => host.onRows(line, built, policy))) return;
      const began = performance.now();
      const predictions = answering.answer(line, built, policy);
      const ms = (performance.now() - began) / built.length;
      for (const host of models.hosts) host.onAnswered(line, predictions, ms);
      control.policy.addRows(built.length);
    },
    onTaken(sample) {
      if (outputs.summaries !== undefined) outputs.keepSummaries(outputs.summaries.push(sample));
    },
    onClock(now) {
      outputs.outgoing.advance(now);
      outputs.keepSummaries(outputs.summaries?.flush(now) ?? []);
    },
  });
  const upkeep = createUpkeep({
    lines,
    brokers,
    journal,
    outbox,
    outputs,
    quality,
    holdsPredictions: outputs.outgoing.isHolding,
    onLost,
    log,
  });

  /** Rows may be lost while the outbox opens, before there is anyone to answer them. */
  function onLost(rows: readonly WaitingRow[]): void {
    if (isOpen) escalator.giveUp(rows);
    else early.push(...rows);
  }

  function onLinesChanged(): void {
    outputs.setLines(lines.served());
    if (isHomeConnected()) status.announce();
  }

  function onConnect(): void {
    upkeep.onConnect();
    if (!isHomeConnected()) return;
    status.announce();
    control.remote?.onConnect();
    outputs.announcer?.repeat();
    escalator.wake();
    forwarding.wake();
  }

  function publishFromEdge(prediction: Prediction): Promise<void> {
    const { model, bundle, degraded } = prediction;
    if (degraded) report?.counts.degraded({ model, bundle, policy: intake.pipeline.policy.policy });
    return outputs.outgoing.send(prediction);
  }

  /** A record of its own, so that rows are answered under the same policy when they are read again. */
  function onPolicy({ policy, maxStage }: PolicyInForce): void {
    journal.append({ kind: 'policy', policy, ...(maxStage !== undefined && { maxStage }) });
  }

  isOpen = true;
  escalator.giveUp(early);
  return {
    ...options,
    software,
    outbox,
    journal,
    metrics,
    brokers,
    lines,
    status,
    outputs,
    forwarding,
    control,
    models,
    escalator,
    route,
    report,
    answering,
    quality,
    intake,
    upkeep,
    onPolicy,
  };
}
