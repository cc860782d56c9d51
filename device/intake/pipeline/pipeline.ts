// From records of the journal to feature rows. The state is a function of the records alone: the
// same ones give the same rows when they are read again after a crash.
import type { InputError } from '@dandan/shared/error';
import type { FeatureRow } from '@dandan/shared/features';
import type { AnswerOptions } from '../../models/cascade/index.ts';
import type { BuiltRow, Line } from '../../models/line/index.ts';
import type { Source, SourceCommand } from '../../sources/index.ts';
import { createRedelivery } from '../ingest/index.ts';
import type { JournalRecord, MessageRecord } from '../journal/index.ts';
import { createTaking, type TakingOptions } from './taking.ts';

export interface NamedSource {
  /** Under which its state is kept. */
  readonly name: string;
  readonly broker: string;
  readonly source: Source;
}

export interface PipelineOptions extends Omit<TakingOptions, 'onRow'> {
  readonly sources: readonly NamedSource[];
  /** All rows that one call of `apply` has completed under one policy, by line. */
  readonly onRows: (line: Line, rows: readonly BuiltRow[], policy: AnswerOptions) => void;
  /** The wall clock of a record: what waits for the time may go. */
  readonly onClock: (now: number) => void;
  readonly onCommand: (broker: string, command: SourceCommand) => void;
  readonly onProblem: (topic: string, problem: InputError) => void;
  readonly onDuplicate: () => void;
  readonly state?: PipelineState | undefined;
}

/** Plain data for JSON. */
export interface PipelineState {
  readonly sources: Readonly<Record<string, unknown>>;
  readonly redelivery: readonly string[];
  readonly policy: AnswerOptions;
}

export interface Pipeline {
  /** Under which rows are answered. */
  readonly policy: AnswerOptions;
  apply(records: readonly JournalRecord[]): void;
  snapshot(): PipelineState;
}

/** A pipeline in its first state, or in that of a snapshot. */
export function createPipeline(options: PipelineOptions): Pipeline {
  const { sources, lines, onRows, onClock, onCommand, onProblem, onDuplicate, state } = options;
  const redelivery = createRedelivery(state?.redelivery);
  let policy: AnswerOptions = state?.policy ?? { policy: 'day' };
  let built = new Map<Line, BuiltRow[]>();

  function gather(line: Line, rows: readonly FeatureRow[], receivedAt: number): void {
    for (const row of rows) {
      const known = built.get(line);
      if (known === undefined) built.set(line, [{ row, receivedAt }]);
      else known.push({ row, receivedAt });
    }
  }

  function handOver(): void {
    const rows = built;
    built = new Map();
    for (const [line, own] of rows) onRows(line, own, policy);
  }

  const take = createTaking({ ...options, onRow: gather });

  function read(record: MessageRecord): void {
    const { broker, topic, receivedAt, duplicate } = record;
    if (redelivery.isKnown(record)) {
      onDuplicate();
      return;
    }
    const own = sources.find((named) => named.broker === broker && named.source.matches(topic));
    // Asked for by a configuration of before the restart.
    if (own === undefined) return;
    const { samples, commands, problems } = own.source.read(record);
    for (const problem of problems) onProblem(topic, problem);
    for (const command of commands) onCommand(broker, command);
    // A burst that a broker sends again is no clock that was set back.
    for (const sample of samples) {
      const problem = take(duplicate ? { ...sample, historical: true } : sample, receivedAt);
      if (problem !== undefined) onProblem(topic, problem);
    }
  }

  function applyOne(record: JournalRecord): void {
    switch (record.kind) {
      case 'message':
        read(record);
        return;
      case 'silence':
        for (const line of lines()) {
          if (line.model.sha256 !== record.bundle) continue;
          gather(line, line.flushSilent(record.now), record.now);
        }
        return;
      case 'clock':
        handOver();
        onClock(record.now);
        return;
      case 'policy':
        handOver();
        policy = { policy: record.policy, maxStage: record.maxStage };
    }
  }

  return {
    get policy() {
      return policy;
    },
    apply(records) {
      for (const record of records) applyOne(record);
      handOver();
    },
    snapshot: () => ({
      sources: Object.fromEntries(sources.map(({ name, source }) => [name, source.snapshot()])),
      redelivery: redelivery.snapshot(),
      policy,
    }),
  };
}
