// How a new bundle is run on live rows beside the one that is served: the port that the gateway
// implements, and what comes back through it.
import type { LocalModel } from '../cascade/index.ts';

/** What a model answers to a row by the stages at hand. */
export interface ShadowAnswer {
  /** Index into the classes of the model that answers. */
  readonly class: number;
  readonly confidence: number;
  readonly stage: number;
  /** True: the row would go to the edge. @default {false} */
  readonly unsure?: boolean;
  /** Time that the answer took. */
  readonly ms?: number;
}

export interface ShadowRow {
  readonly asset: string;
  /** Milliseconds since the epoch, of the row. */
  readonly time: number;
  /** `undefined` where the one that is served has no row of this time, as with another stride. */
  readonly old: ShadowAnswer | undefined;
  /** `undefined` where the new one failed. */
  readonly new: ShadowAnswer | undefined;
  /** Why the new one failed. */
  readonly error?: string;
}

export interface Shadow {
  /** Calls `listener` with rows as they are answered. */
  observe(listener: (rows: readonly ShadowRow[]) => void): void;
  stop(): void;
}

export interface ShadowHost {
  /** Runs `model` on the rows of its assets, beside what is served; its answers go nowhere else. */
  start(model: LocalModel): Shadow;
}
