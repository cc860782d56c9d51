// The meter of a model: one Durable Object, in which the figures of all isolates and gateways meet, each
// counted once, before D1 has them. One per model: a busy model delays no other, and the audits of a
// bundle come in one order, which its sequential test needs.
import { DurableObject } from 'cloudflare:workers';
import type { BundleHead } from '@dandan/shared/bundle';
import { InputError } from '@dandan/shared/error';
import type { Bindings } from '../env.ts';
import type {
  AuditReport,
  Flush,
  GatewayReport,
  MeterCalls,
  MonitorState,
  SeriesFlush,
} from '../metrics/flush.ts';
import { createTally } from '../metrics/tally.ts';
import { loadBundleHead } from '../registry/bundle-head.ts';
import { addAskers } from './askers.ts';
import { addCandidates, keepCandidates } from './candidates.ts';
import { addDrift } from './drift.ts';
import { scoreDrift } from './drift-days.ts';
import { newlyAnswered } from './gateways.ts';
import { addAudits, findMonitor } from './monitors.ts';
import { isNewFlush, isNewReport } from './once.ts';
import { prune } from './retention.ts';
import { rollUp } from './roll-up.ts';
import { addSeries } from './spans.ts';
import { createTables, readNote, writeNote } from './tables.ts';

/** Milliseconds from the first change to D1: 8,640 writes a day and busy series, less than a cent. */
export const ROLL_UP_MS = 10_000;

const MODEL = 'model';

/** Audits of a gateway's answers, beside the figures of what it answered. */
function auditSeries({ bundle, policy, outcomes }: AuditReport): SeriesFlush {
  const disagreements = [...outcomes].filter((outcome) => outcome === '1').length;
  const tally = { ...createTally(), audits: outcomes.length, disagreements };
  return { bundle, policy, source: 'gateway', tally };
}

export class Meter extends DurableObject<Bindings> implements MeterCalls {
  /** Beginnings of bundles that drift was scored of; a model has a few at a time. */
  readonly #heads = new Map<string, BundleHead | undefined>();

  constructor(state: DurableObjectState, env: Bindings) {
    super(state, env);
    createTables(state.storage.sql);
  }

  async record(flush: Flush): Promise<void> {
    const { storage } = this.ctx;
    const { sql } = storage;
    const now = Date.now();
    let raised = false;
    storage.transactionSync(() => {
      if (!isNewFlush(sql, flush, now)) return;
      this.#remember(flush.model);
      addSeries(sql, flush.series, now);
      addAskers(sql, flush.askers, now);
      addDrift(sql, flush.drift, now);
      addCandidates(sql, flush.hardCases, now);
      for (const audits of flush.audits) raised = addAudits(sql, audits, now)?.raised || raised;
    });
    await this.#wake(now, raised);
  }

  async gateway(report: GatewayReport): Promise<void> {
    const { storage } = this.ctx;
    const { sql } = storage;
    const now = Date.now();
    storage.transactionSync(() => {
      const tally = newlyAnswered(sql, report, now);
      if (tally === undefined) return;
      const { model, bundle, policy, key, device } = report;
      this.#remember(model);
      addSeries(sql, [{ bundle, policy, source: 'gateway', tally }], now);
      const { degraded } = tally;
      addAskers(
        sql,
        [{ key, device, bundle, requests: 0, nodes: 0, escalations: 0, degraded }],
        now,
      );
    });
    await this.#wake(now, false);
  }

  async audit(
    report: AuditReport,
  ): Promise<{ readonly repeated: boolean; readonly monitor: MonitorState | null }> {
    const { storage } = this.ctx;
    const { sql } = storage;
    const now = Date.now();
    const { bundle, policy, promise, outcomes, drift, hardCases } = report;
    let repeated = true;
    let raised = false;
    storage.transactionSync(() => {
      if (!isNewReport(sql, report.id, now)) return;
      repeated = false;
      this.#remember(report.model);
      addSeries(sql, [auditSeries(report)], now);
      if (promise !== undefined) {
        const audits = { bundle, policy, ...promise, outcomes };
        raised = addAudits(sql, audits, now)?.raised ?? false;
      }
      if (drift !== undefined) addDrift(sql, [drift], now);
      addCandidates(sql, hardCases, now);
    });
    await this.#wake(now, raised);
    return { repeated, monitor: findMonitor(sql, bundle, policy) ?? null };
  }

  #remember(model: string): void {
    const { sql } = this.ctx.storage;
    if (readNote(sql, MODEL) === undefined) writeNote(sql, MODEL, model);
  }

  /** Sees to it that D1 learns of what has changed: at once where a promise is doubted. */
  async #wake(now: number, soon: boolean): Promise<void> {
    const { storage } = this.ctx;
    if (soon) await storage.setAlarm(now);
    else if ((await storage.getAlarm()) === null) await storage.setAlarm(now + ROLL_UP_MS);
  }

  /** A file that cannot be read has no reference; a bucket that does not answer is asked again. */
  async #load(bundle: string): Promise<BundleHead | undefined> {
    try {
      return await loadBundleHead(this.env.BUNDLES, bundle);
    } catch (error) {
      if (error instanceof InputError) return undefined;
      throw error;
    }
  }

  async #head(bundle: string): Promise<BundleHead | undefined> {
    if (!this.#heads.has(bundle)) {
      if (this.#heads.size >= 8) this.#heads.clear();
      this.#heads.set(bundle, await this.#load(bundle));
    }
    return this.#heads.get(bundle);
  }

  override async alarm(): Promise<void> {
    const { storage } = this.ctx;
    const { sql } = storage;
    const model = readNote(sql, MODEL);
    if (model === undefined) return;
    const options = { storage, sql, database: this.env.REGISTRY, model, now: Date.now() };
    await rollUp(options);
    await keepCandidates(options);
    await scoreDrift({ ...options, head: (bundle) => this.#head(bundle) });
    await prune(options);
  }
}
