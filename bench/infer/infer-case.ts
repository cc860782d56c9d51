import type { BenchContext, CaseFigures, CaseSummary } from '../benchmark.ts';
import type { InferPeers } from './peers/install.ts';

export interface InferContext extends BenchContext {
  readonly peers: InferPeers;
  /** The processor's clock. */
  readonly ghz: number;
}

export interface InferCase extends CaseSummary {
  run(context: InferContext): Promise<readonly CaseFigures[]>;
}

/** Rounds of all sides; medians count. */
export const ROUNDS = 9;

export const BATCHES = [1, 32, 1024];
