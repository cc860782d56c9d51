// What one request has shown, in plain data: made in one pass over the result's arrays.
import { type Cascade, type CascadeResult, STOP_REASONS } from '@dandan/shared/cascade';
import type { QuantisedRows } from '@dandan/shared/kernel';
import type { PolicyName } from '@dandan/shared/policy';
import { CONFIDENCE_BINS, confidenceBin, createTally, type Tally } from './tally.ts';

/** Where answers came from. `gateway`: what gateways say that they answered themselves. */
export const SOURCES = ['predict', 'escalation', 'batch', 'gateway'] as const;

export type Source = (typeof SOURCES)[number];

/** Who asked: a key, and its device where it has one. */
export interface Asker {
  readonly key: string;
  /** Empty where the key is no device's. */
  readonly device: string;
}

export interface Observation {
  readonly source: Source;
  readonly model: string;
  readonly bundle: string;
  readonly policy: PolicyName;
  readonly asker: Asker;
  readonly tally: Tally;
}

/** Rows and what a cascade answered. */
export interface AnsweredRows {
  readonly cascade: Cascade;
  readonly sha256: string;
  readonly policy: PolicyName;
  readonly rows: QuantisedRows;
  readonly result: CascadeResult;
  /** Whether the caller bounded stages, cost or time, or rows stopped together: no promise covers that. */
  readonly limited: boolean;
}

/** Multiply-accumulates of all rows through all stages. */
function fullMacs({ cost, stages }: Cascade, rows: QuantisedRows): number {
  const columns = rows.kind === 'dense' ? rows.count * rows.width : rows.indices.length;
  return rows.count * cost.fixed[stages - 1] + columns * cost.perColumn[stages - 1];
}

/** Sums over the answers of one request. */
export function tallyAnswers({ cascade, rows, result }: AnsweredRows): Tally {
  const tally = createTally();
  const { stages, stopped, confidence } = tally;
  for (let i = 0; i < cascade.manifest.stages.length; i++) stages.push(0);
  for (let i = 0; i < STOP_REASONS.length; i++) stopped.push(0);
  for (let i = 0; i < CONFIDENCE_BINS; i++) confidence.push(0);
  let macs = 0;
  let sum = 0;
  for (let i = 0; i < rows.count; i++) {
    stages[result.stage[i] - 1]++;
    stopped[result.stopped[i]]++;
    confidence[confidenceBin(result.confidence[i])]++;
    sum += result.confidence[i];
    macs += result.macs[i];
  }
  tally.requests = 1;
  tally.nodes = rows.count;
  tally.macs = macs;
  tally.fullMacs = fullMacs(cascade, rows);
  tally.confidenceSum = sum;
  return tally;
}
