// What a gateway owes the edge, put together: heartbeat, audit samples, counts of its own answers.
import type { QuantisedRows } from '@dandan/shared/kernel';
import type { HeartbeatAnswer, HeartbeatModel } from '@dandan/shared/wire';
import { createRateLimit, type Logger } from '../../log/index.ts';
import { createBackoff } from '../../retry/index.ts';
import { type AuditCollector, type AuditStore, createAuditCollector } from './audit-collector.ts';
import { type AuditSource, createAuditSender } from './audit-sender.ts';
import type { PostOutcome, PostToEdge } from './edge-post.ts';
import { createGatewayCounts, type GatewayCounts } from './gateway-counts.ts';
import { createHeartbeat } from './heartbeat.ts';
import { createTurns } from './turns.ts';

/** The edge may be away for days: one line an hour and kind says so. */
const LOG_INTERVAL_MS = 3_600_000;

/** Reports are no hurry; gateways of a plant come back spread over minutes. */
const BACKOFF = { minMs: 5000, maxMs: 600_000 };

/** A clock this far off puts windows of assets that send no time into other hours. */
const SKEW_WARN_MS = 30_000;

/** Kept batches are looked for this often. */
const AUDIT_INTERVAL_MS = 30_000;

/** Last words of a gateway that stops. */
const FAREWELL_MS = 2000;

export interface EdgeReportOptions {
  readonly post: PostToEdge;
  readonly software: string;
  readonly models: () => readonly HeartbeatModel[];
  readonly onAnswer: (answer: {
    readonly time: number;
    readonly channels: HeartbeatAnswer['channels'];
  }) => void;
  readonly outbox: AuditStore & AuditSource;
  readonly concatRows: (parts: readonly QuantisedRows[]) => QuantisedRows;
  /** True while escalations are under way. */
  readonly isBusy: () => boolean;
  readonly log: Logger;
  readonly heartbeatMs: number;
  readonly countsMs: number;
  /** 0: no audits. */
  readonly auditShare: number;
  readonly random?: () => number;
}

export interface EdgeReportCounters {
  readonly heartbeats: number;
  readonly heartbeatFailures: number;
  readonly auditsDrawn: number;
  readonly auditsDropped: number;
  readonly auditFailures: number;
  readonly countReports: number;
  readonly countFailures: number;
  /** Batches and reports that the edge will never take. */
  readonly reportsRefused: number;
}

export interface EdgeReport {
  readonly counts: GatewayCounts;
  readonly audits: AuditCollector;
  /** How far the edge's clock is ahead, by the last heartbeat; `undefined` before the first. */
  readonly skew: { readonly ms: number; readonly withinMs: number } | undefined;
  start(): void;
  /** A heartbeat is due now: an update has begun, ended or failed. */
  hasten(): void;
  /** Reports once more what it can within two seconds; the rest of the audits stays in the outbox. */
  stop(): Promise<void>;
  snapshot(): EdgeReportCounters;
}

export function createEdgeReport(options: EdgeReportOptions): EdgeReport {
  const { post, outbox, isBusy, log, auditShare, heartbeatMs, countsMs, random } = options;
  const { concatRows } = options;
  const admit = createRateLimit({ intervalMs: LOG_INTERVAL_MS });
  const tally = {
    heartbeats: 0,
    heartbeatFailures: 0,
    audits: 0,
    auditFailures: 0,
    countReports: 0,
    countFailures: 0,
    reportsRefused: 0,
  };
  let skew: EdgeReport['skew'];

  function refused(report: string, reason: string): void {
    tally.reportsRefused++;
    const count = admit(`${report} ${reason}`);
    if (count > 0) log.error('report-refused', { report, reason, count });
  }

  const counts = createGatewayCounts({ post, onRefused: (_, reason) => refused('counts', reason) });
  const audits = createAuditCollector({ store: outbox, concatRows, share: auditShare });
  const sendAudits = createAuditSender({
    post,
    source: outbox,
    isBusy,
    onRefused: (reason) => refused('audits', reason),
  });
  const heartbeat = createHeartbeat({
    ...options,
    onSkew(measured) {
      skew = measured;
      const off = Math.abs(measured.ms) - measured.withinMs;
      if (off > SKEW_WARN_MS && admit('skew') > 0) log.warn('clock-differs-from-edge', measured);
    },
  });

  const COUNTERS = {
    heartbeat: ['heartbeats', 'heartbeatFailures'],
    audits: ['audits', 'auditFailures'],
    counts: ['countReports', 'countFailures'],
  } as const;

  function onOutcome(name: string, outcome: PostOutcome): void {
    const [good, bad] = COUNTERS[name as keyof typeof COUNTERS];
    if (outcome.kind === 'taken') tally[good]++;
    else {
      tally[bad]++;
      if (outcome.kind === 'refused') refused(name, outcome.reason);
      else {
        const { kind, reason } = outcome;
        const count = admit(`${name} ${kind}`);
        if (count > 0) log.warn('report-failed', { report: name, kind, reason, count });
      }
    }
  }

  async function runAudits(signal: AbortSignal): Promise<PostOutcome> {
    await audits.flush();
    return sendAudits(signal);
  }

  const turns = createTurns({
    turns: [
      { name: 'heartbeat', intervalMs: heartbeatMs, run: heartbeat },
      { name: 'counts', intervalMs: countsMs, run: (signal) => counts.send(signal) },
      ...(auditShare > 0
        ? [{ name: 'audits', intervalMs: AUDIT_INTERVAL_MS, patient: true, run: runAudits }]
        : []),
    ],
    backoff: createBackoff({ ...BACKOFF, ...(random !== undefined && { random }) }),
    isBusy,
    onOutcome,
    ...(random !== undefined && { random }),
  });

  return {
    counts,
    audits,
    get skew() {
      return skew;
    },
    start: turns.start,
    hasten: () => turns.hasten('heartbeat'),
    async stop() {
      await turns.stop();
      await audits.flush({ all: true });
      // Counts begin anew with the next start: what is not told now is not told.
      const outcome = await counts.send(AbortSignal.timeout(FAREWELL_MS)).catch(() => undefined);
      if (outcome?.kind !== 'taken') log.info('last-counts-not-reported');
    },
    snapshot: () => {
      const { audits: _, ...rest } = tally;
      return { ...rest, ...audits.snapshot() };
    },
  };
}
