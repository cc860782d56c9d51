// What every step of a job is given.
import type { Bindings } from '../env.ts';
import type { CascadeCache } from '../inference/cascade-cache.ts';
import type { AnsweredRows } from '../metrics/observation.ts';

export interface JobContext {
  readonly env: Bindings;
  readonly cache: CascadeCache;
  /** Told of a chunk's answers once they are counted in D1. @default {nobody is told} */
  readonly record?: ((run: AnsweredRows) => void) | undefined;
  /** Milliseconds since the epoch. @default {Date.now} */
  readonly now?: (() => number) | undefined;
}

/**
 * Milliseconds without progress after which a message counts as lost. A chunk takes a second at
 * most, so silence is not slowness; one that waits behind another job's backlog is only enqueued twice.
 */
export const LEASE_MS = 5 * 60 * 1000;

export const nowOf = ({ now = Date.now }: Pick<JobContext, 'now'>) => now();
