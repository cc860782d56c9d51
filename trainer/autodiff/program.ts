// What an execution engine runs: entries over a shared state, and the one interface that the
// engines (WebAssembly on the CPU, onnxruntime on CUDA) implement.
import type { Expression, Input } from './expression.ts';

/** One thing to compute: values to return, and new values for parts of the state. */
export interface Entry {
  /** Expressions by the name under which a run returns them. */
  readonly outputs: Readonly<Record<string, Expression>>;
  /** New values by state name; all are computed from the state before the step. */
  readonly updates?: Readonly<Record<string, Expression>>;
}

export interface Program {
  /** Inputs whose values stay with the engine between runs: weights and moments. */
  readonly state: readonly Input[];
  readonly entries: Readonly<Record<string, Entry>>;
}

/** float32 matrices, int32 row indices and mask offsets by input name. */
export type Feeds = Readonly<Record<string, Float32Array | Int32Array>>;
export type Results = Readonly<Record<string, Float32Array>>;

/** A compiled program with its state. */
export interface Session {
  /** Sets state; names that are not given keep their value, 0 at first. */
  write(values: Results): Promise<void>;
  /** Copies of the state under `names`. */
  read(names: readonly string[]): Promise<Results>;
  /**
   * Runs an entry once for every element of `steps` and returns the outputs of each.
   * Many steps in one call let an engine keep the state on its device.
   *
   * @throws {Error} when a feed is missing or of the wrong size.
   */
  run(entry: string, steps?: readonly Feeds[]): Promise<readonly Results[]>;
  release(): Promise<void>;
}
