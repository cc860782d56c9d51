// One sample into the windows of every model that reads it.
import { InputError } from '@dandan/shared/error';
import type { FeatureRow, Sample } from '@dandan/shared/features';
import type { Line } from '../../models/line/index.ts';
import { implausibleTime } from '../ingest/index.ts';

export interface TakingOptions {
  /** The lines now; an update changes them between two calls. */
  readonly lines: () => readonly Line[];
  readonly onRow: (line: Line, rows: readonly FeatureRow[], receivedAt: number) => void;
  /** A sample that went into at least one line, in the unit of its channel; `converted`: it was not before. */
  readonly onSample: (sample: Sample, receivedAt: number, converted: boolean) => void;
  /** A channel that no model reads. */
  readonly onIgnored: (sample: Sample) => void;
  /** A sample whose unit does not fit. */
  readonly onUnit: (sample: Sample, receivedAt: number) => void;
}

function tooManyAssets(asset: string): InputError {
  return new InputError('topic-invalid', 'Too many assets', {
    field: 'asset',
    value: asset,
    allowed: 'an asset known already',
  });
}

/** @returns a function that takes a sample, or says why it is not usable. */
export function createTaking(options: TakingOptions) {
  const { lines, onRow, onSample, onIgnored, onUnit } = options;

  function convert(line: Line, sample: Sample, receivedAt: number): Sample | InputError {
    try {
      return line.inUnit(sample);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      onUnit(sample, receivedAt);
      return error;
    }
  }

  return function take(sample: Sample, receivedAt: number): InputError | undefined {
    const implausible = implausibleTime(sample, receivedAt);
    if (implausible !== undefined) return implausible;
    let taken: Sample | undefined;
    for (const line of lines()) {
      if (!line.reads(sample.asset, sample.channel)) continue;
      if (!line.accepts(sample.asset)) return tooManyAssets(sample.asset);
      const converted = convert(line, sample, receivedAt);
      if (converted instanceof InputError) return converted;
      taken = converted;
      const rows = line.push(converted, receivedAt);
      if (rows.length > 0) onRow(line, rows, receivedAt);
    }
    if (taken === undefined) onIgnored(sample);
    else onSample(taken, receivedAt, taken !== sample);
    return undefined;
  };
}
