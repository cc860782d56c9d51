// From records of the journal to feature rows. The state is a function of the records alone: the
// same ones give the same rows when they are read again after a crash.
import { InputError } from '@dandan/shared/error';
import type { FeatureRow, Sample } from '@dandan/shared/features';
import {
  createRedelivery,
  implausibleTime,
  type Source,
  type SourceCommand,
} from '../ingest/index.ts';
import type { JournalRecord, MessageRecord } from '../journal/index.ts';
import type { Line } from '../line/index.ts';

export interface NamedSource {
  /** Under which its state is kept. */
  readonly name: string;
  readonly broker: string;
  readonly source: Source;
}

export interface PipelineOptions {
  readonly sources: readonly NamedSource[];
  /** The lines now; an update changes them between two calls of `apply`. */
  readonly lines: () => readonly Line[];
  /** All rows that one call of `apply` has completed, by line. */
  readonly onRows: (line: Line, rows: readonly FeatureRow[]) => void;
  readonly onCommand: (broker: string, command: SourceCommand) => void;
  /** Samples that went into at least one line. */
  readonly onSamples: (samples: readonly Sample[], receivedAt: number) => void;
  /** A channel that no model reads. */
  readonly onIgnored: (sample: Sample) => void;
  readonly onProblem: (topic: string, problem: InputError) => void;
  readonly onDuplicate: () => void;
  readonly state?: PipelineState | undefined;
}

/** Plain data for JSON. */
export interface PipelineState {
  readonly sources: Readonly<Record<string, unknown>>;
  readonly redelivery: readonly string[];
}

export interface Pipeline {
  apply(records: readonly JournalRecord[]): void;
  snapshot(): PipelineState;
}

function tooManyAssets(asset: string): InputError {
  return new InputError('topic-invalid', 'Too many assets', {
    field: 'asset',
    value: asset,
    allowed: 'an asset known already',
  });
}

/** A pipeline in its first state, or in that of a snapshot. */
export function createPipeline(options: PipelineOptions): Pipeline {
  const { sources, lines, onRows, onCommand, onSamples, onIgnored, onProblem } = options;
  const redelivery = createRedelivery(options.state?.redelivery);

  /** False when no line reads it. */
  function push(sample: Sample, receivedAt: number, rows: Map<Line, FeatureRow[]>): boolean {
    let taken = false;
    for (const line of lines()) {
      if (!line.reads(sample.asset, sample.channel)) continue;
      if (!line.accepts(sample.asset)) throw tooManyAssets(sample.asset);
      taken = true;
      gather(rows, line, line.push(sample, receivedAt));
    }
    return taken;
  }

  function gather(rows: Map<Line, FeatureRow[]>, line: Line, more: readonly FeatureRow[]): void {
    if (more.length === 0) return;
    const known = rows.get(line);
    if (known === undefined) rows.set(line, [...more]);
    else for (const row of more) known.push(row);
  }

  function read(record: MessageRecord, rows: Map<Line, FeatureRow[]>): void {
    const { broker, topic, receivedAt } = record;
    if (redelivery.isKnown(record)) {
      options.onDuplicate();
      return;
    }
    const own = sources.find((named) => named.broker === broker && named.source.matches(topic));
    // Asked for by a configuration of before the restart.
    if (own === undefined) return;
    const { samples, commands, problems } = own.source.read(record);
    for (const problem of problems) onProblem(topic, problem);
    for (const command of commands) onCommand(broker, command);
    const taken: Sample[] = [];
    for (const sample of samples) {
      try {
        const problem = implausibleTime(sample, receivedAt);
        if (problem !== undefined) throw problem;
        if (push(sample, receivedAt, rows)) taken.push(sample);
        else onIgnored(sample);
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        onProblem(topic, error);
      }
    }
    if (taken.length > 0) onSamples(taken, receivedAt);
  }

  return {
    apply(records) {
      const rows = new Map<Line, FeatureRow[]>();
      for (const record of records) {
        if (record.kind === 'message') read(record, rows);
        if (record.kind === 'silence') {
          for (const line of lines()) gather(rows, line, line.flushSilent(record.now));
        }
      }
      for (const [line, built] of rows) onRows(line, built);
    },
    snapshot: () => ({
      sources: Object.fromEntries(sources.map(({ name, source }) => [name, source.snapshot()])),
      redelivery: redelivery.snapshot(),
    }),
  };
}
