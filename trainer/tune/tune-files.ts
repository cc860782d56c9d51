// What a search leaves: a configuration for `train`, and its figures.
import { relative, resolve } from 'node:path';
import { PLANT } from '../data/load-data.ts';
import { percent } from '../evaluate/figures.ts';
import type { Evaluation, Scored } from './evaluation.ts';
import type { SearchResult } from './search.ts';
import type { Parameters } from './space.ts';
import { DEFAULT_TRIAL, type Trial } from './trial.ts';

/** A trial under the keys that scripts may rely on. */
export interface TrialFigures {
  readonly trial: number;
  /** Validation accuracy of the running output, percent, mean over the seeds. */
  readonly validation: number;
  /** Mean −log likelihood of the same. */
  readonly loss: number;
  readonly stages: number;
  /** The trial's values of what was searched. */
  readonly parameters: Parameters;
}

export interface TuneFigures {
  readonly best: TrialFigures;
  /** The run without tuning. */
  readonly untuned: TrialFigures | undefined;
  readonly trials: number;
  readonly pruned: number;
  readonly failed: number;
  /** Of this call; an interrupted search took the longer. */
  readonly seconds: number;
  /** Path of the configuration. */
  readonly config: string;
  /** Path of the report. */
  readonly report: string;
}

const LOSS_DIGITS = 10_000;

export function trialFigures(trials: readonly Trial[], scored: Scored): TrialFigures {
  const { trial, accuracy, loss, stages } = scored;
  return {
    trial,
    validation: percent(accuracy),
    loss: Math.round(loss * LOSS_DIGITS) / LOSS_DIGITS,
    stages,
    parameters: trials[trial].parameters,
  };
}

const isScored = (evaluation: Evaluation): evaluation is Scored => evaluation.state === 'scored';

export function tuneFigures(
  trials: readonly Trial[],
  { ranked, last, pruned, failed }: SearchResult,
  rest: Pick<TuneFigures, 'seconds' | 'config' | 'report'>,
): TuneFigures {
  const untuned = last[DEFAULT_TRIAL];
  return {
    best: trialFigures(trials, ranked[0]),
    untuned: isScored(untuned) ? trialFigures(trials, untuned) : undefined,
    trials: trials.length,
    pruned,
    failed,
    ...rest,
  };
}

export interface TunedConfigOptions {
  /** Options of `train` by key, as given or by default; the undefined ones are left out. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Keys of `options` that name a file or a folder. */
  readonly places: readonly string[];
  readonly parameters: Parameters;
  /** Folder that the file is written to: its places are meant from there. */
  readonly folder: string;
}

function placeFrom(folder: string, place: string): string {
  if (place === PLANT) return PLANT;
  const path = relative(resolve(folder), resolve(place));
  // './' keeps a folder of that name from being read as the embedded plant.
  return path.startsWith('..') ? path : `./${path}`;
}

/** Every hyper-parameter by name, so that the file means the same when a default changes. */
export function tunedConfig({ options, places, parameters, folder }: TunedConfigOptions) {
  const stated = Object.entries(options).flatMap(([key, value]) => {
    if (value === undefined) return [];
    return [[key, places.includes(key) ? placeFrom(folder, String(value)) : value]];
  });
  return { ...Object.fromEntries(stated), ...parameters };
}
