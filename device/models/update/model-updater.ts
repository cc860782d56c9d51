// The update of one model on one channel: keeps what runs running, and takes it from one state to
// the next as the edge, the rows and people have it.
import { type CheckResult, createAsker } from './asker.ts';
import type { ModelHost, ModelUpdateConfig, Observations, UpdateParts } from './context.ts';
import { targetOf, type UpdateDocument } from './document.ts';
import { createMemory, type Memory } from './memory.ts';
import { runPhase } from './phases.ts';
import { type ModelReport, reportOf } from './report.ts';
import { type AnsweredFigures, createServing } from './serving.ts';

export interface ModelUpdater {
  /** Serves what ran before, or what was good before that; then goes on where it was. */
  start(): Promise<void>;
  /** Asks the edge. Never throws for what it does, or for a statement that is refused. */
  check(signal?: AbortSignal): Promise<CheckResult>;
  /** What a check would take up; nothing is remembered of it. */
  look(signal?: AbortSignal): Promise<CheckResult>;
  /** Goes back to the bundle before. @returns false where there is none. */
  rollback(reason: string): Promise<boolean>;
  /** Rows that a bundle has answered as the one that is served. */
  answered(figures: AnsweredFigures): void;
  /** Time of the edge, as a heartbeat's answer tells it; milliseconds since the epoch. */
  edgeTime(time: number): void;
  readonly document: UpdateDocument;
  report(): ModelReport;
  /** Resolves when nothing more can be done for now. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

export interface ModelUpdaterOptions {
  readonly config: ModelUpdateConfig;
  readonly parts: UpdateParts;
  readonly host: ModelHost | undefined;
  /** Called after every transition. */
  readonly onChange?: (() => void) | undefined;
}

const nameOf = (document: UpdateDocument) =>
  `${document.phase.kind} ${targetOf(document)?.bundle.sha256 ?? ''}`;

/** Reads what is remembered; it serves nothing before `start`. */
export async function openModelUpdater(options: ModelUpdaterOptions): Promise<ModelUpdater> {
  const { config, parts, host, onChange = () => {} } = options;
  const { model, channel } = config;
  const { state, now, log } = parts;
  const seen: Observations = {
    progress: undefined,
    tally: undefined,
    problem: undefined,
    rows: 0,
    errors: 0,
  };
  const stopping = new AbortController();
  let superseded = new AbortController();
  let wake = Promise.withResolvers<void>();
  let rest = Promise.withResolvers<void>();
  let running: Promise<void> | undefined;

  const { document: loaded, problems } = await state.load({ model, channel });
  for (const problem of problems) log.warn('update-state-damaged', { model, channel, problem });

  const memory: Memory = createMemory({
    document: loaded,
    state,
    onChange(event, before, after) {
      const reason = 'reason' in event ? event.reason : undefined;
      const { phase } = after;
      if (nameOf(before) !== nameOf(after)) {
        const target = targetOf(after);
        log.info('update-state', {
          model,
          channel,
          because: event.kind,
          state: phase.kind,
          from: before.phase.kind,
          release: target?.release ?? after.running?.release,
          bundle: target?.bundle.sha256 ?? after.running?.bundle.sha256,
          ...(reason === undefined ? {} : { reason }),
        });
        superseded.abort(new Error('superseded'));
      }
      onChange();
    },
  });

  const asker = createAsker({ config, parts, document: () => memory.document });
  const serving = createServing({ config, parts, host, memory, seen });

  async function step(): Promise<boolean> {
    await serving.ensure();
    superseded = new AbortController();
    const signal = AbortSignal.any([stopping.signal, superseded.signal]);
    const current = superseded.signal;
    try {
      const context = { config, parts, host, seen, document: () => memory.document };
      const event = await runPhase(context, signal);
      if (event === undefined) return false;
      await serving.saveFigures();
      await memory.apply(event);
    } catch (error) {
      if (!current.aborted || stopping.signal.aborted) throw error;
    }
    return true;
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      const woken = wake.promise;
      try {
        if (await step()) continue;
      } catch (error) {
        if (stopping.signal.aborted) break;
        // A full or failing disk: the next check tries again.
        seen.problem = (error as Error).message;
        log.error('update-stuck', { model, channel, reason: seen.problem });
      }
      rest.resolve();
      onChange();
      await woken;
    }
    rest.resolve();
  }

  function poke(): void {
    wake.resolve();
    wake = Promise.withResolvers();
    rest.resolve();
    rest = Promise.withResolvers();
    running ??= run();
  }

  return {
    get document() {
      return memory.document;
    },
    async start() {
      if (host !== undefined) await memory.apply({ kind: 'started', at: now() });
      await serving.ensure();
      poke();
    },
    async check(signal = stopping.signal) {
      const { event, result: told } = await asker.ask(signal);
      seen.problem = told.reason;
      if (told.kind === 'refused') log.warn('update-refused', { ...told });
      if (event !== undefined) await memory.apply(event);
      poke();
      return told;
    },
    look: async (signal = stopping.signal) => (await asker.ask(signal)).result,
    async rollback(reason) {
      const before = memory.document;
      await memory.apply({ kind: 'undone', reason, at: now() });
      poke();
      return memory.document !== before;
    },
    answered: serving.answered,
    edgeTime: asker.edgeTime,
    report: () => reportOf(memory.document, seen),
    settled: () => rest.promise,
    async stop() {
      stopping.abort(new Error('stopped'));
      wake.resolve();
      await running;
      await serving.saveFigures();
      if (host !== undefined) await memory.apply({ kind: 'stopped' });
    },
  };
}
