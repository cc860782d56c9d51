// What the main process and its workers say to each other; plain data, sent over IPC.
import type { TrainOptions } from '../run/train-options.ts';
import type { CellMeasure, CellMethod, CellResult, CellSplit } from './cell.ts';

export interface DescribeTask {
  readonly kind: 'describe';
  readonly path: string;
}

export interface GroupTask {
  readonly kind: 'group';
  readonly path: string;
  readonly split: CellSplit;
  /** Options of the teacher that the cells share. */
  readonly teacher: TrainOptions;
  /** Folder of the teacher's logits, its name fixed by what fixes the teacher. */
  readonly logits: string;
  /** Trains the teacher again even if its logits are there. */
  readonly fresh: boolean;
  /** Where a method is right is counted too. */
  readonly cells: readonly TaskCell[];
}

export interface TaskCell {
  /** Number by which the replies name the cell. */
  readonly id: number;
  readonly method: CellMethod;
  readonly options: TrainOptions;
  /** Whether to count where the method is right: by class, degree and homophily. */
  readonly breakdown: boolean;
  /** Whether to prove thresholds and measure what they do. */
  readonly certified: boolean;
  readonly measure?: CellMeasure | undefined;
}

/** Times a forward pass of every method; nothing is trained. */
export interface InferenceTask {
  readonly kind: 'inference';
  readonly path: string;
  readonly options: TrainOptions;
  readonly methods: readonly CellMethod[];
}

export type Task = DescribeTask | GroupTask | InferenceTask;

export interface Described {
  readonly kind: 'described';
  readonly data: string;
  readonly publicSplitSha256: string;
  readonly nodes: number;
  readonly edges: number;
  readonly features: number;
  readonly classes: readonly string[];
  /** Whether nodes are windows of machines. */
  readonly isPlant?: true;
}

/** An error as data: its code and field survive the way between processes. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly field?: string | undefined;
  readonly allowed?: string | undefined;
}

export type Reply =
  | Described
  | { readonly kind: 'started'; readonly id: number }
  /** What the running cell is at, in words. */
  | { readonly kind: 'at'; readonly text: string }
  | {
      readonly kind: 'cell';
      readonly id: number;
      readonly result: CellResult;
      /** That of the worker: sources may change while a long table runs. */
      readonly codeVersion: string;
    }
  | { readonly kind: 'inference'; readonly milliseconds: Readonly<Record<string, number>> }
  | { readonly kind: 'failed'; readonly id: number; readonly failure: Failure }
  /** The task is over; `failure` when it could not even begin. */
  | { readonly kind: 'done'; readonly failure?: Failure | undefined };
