// A worked case: a plant that everybody can look up, from its files to a cascade and its figures.
import type { GraphData } from '../graph/graph-data.ts';
import type { HistoryNodes } from '../history/history-graph.ts';
import type { SplitChoices } from '../history/project/index.ts';
import type { TestAnswers } from '../run/answers/test-answers.ts';
import type { TrainOptions } from '../run/train-options.ts';
import type { AlarmRates } from './skab/alarm-rates.ts';

export const CASE_NAMES = ['tep', 'skab', 'plant'] as const;

export type CaseName = (typeof CASE_NAMES)[number];

/** Labelled windows of each class to learn from. */
export type LabelCount = number | 'all';

/** Classes that were answered for the test nodes, by method. */
export interface CaseAnswers extends TestAnswers {
  /** int32 [test nodes], the running output of all stages. */
  readonly cascade: Int32Array;
}

/** Data of a case, read. */
export interface OpenCase {
  /** What a seed's graph is made of. */
  nodesOf(seed: number): HistoryNodes;
  /** Alarms of the methods and of simple detectors, for cases that are about alarms. */
  judge?(
    graph: GraphData,
    answers: CaseAnswers,
    seed: number,
  ): Readonly<Record<string, AlarmRates>>;
}

export interface OpenCaseOptions {
  /** Folder of its files; '' where it has none. */
  readonly folder: string;
  /** What is done and the share of it, 0..1. */
  onProgress?(what: string, share: number): void;
  readonly signal?: AbortSignal | undefined;
}

export interface WorkedCase {
  readonly name: CaseName;
  readonly title: string;
  /** One or two sentences on what is learnt from and tested on. */
  readonly protocol: string;
  /** Folder below the data folder; `undefined` for data that the project makes itself. */
  readonly data: string | undefined;
  /** Those that are measured unless others are asked for. */
  readonly labels: readonly LabelCount[];
  /** Where they differ from the defaults of `dandan train`. */
  readonly options: Partial<TrainOptions>;
  splitOf(labels: LabelCount): Partial<SplitChoices>;
  open(options: OpenCaseOptions): Promise<OpenCase>;
}
