// All that a report says of a run, as numbers: one pass over the test nodes, no words.
import type { Bundle, Manifest } from '@dandan/shared/bundle';
import {
  type CascadeResult,
  type CascadeTrace,
  createCascade,
  runCascade,
  traceCascade,
} from '@dandan/shared/cascade';
import { selectRows } from '@dandan/shared/kernel';
import type { GraphData, Split } from '../../../graph/graph-data.ts';
import { quantiseFeatures } from '../../../quantise/input.ts';
import {
  COMPARED,
  type MethodAnswers,
  type TestAnswers,
} from '../../../run/answers/test-answers.ts';
import type { GroupedAnswers } from './groups.ts';
import { type IncidentFacts, incidentFacts } from './incident-facts.ts';
import { measureTimes, type StageTimes } from './measure-times.ts';

/** What the bundle says about its training. */
export interface RunProvenance {
  readonly setting: string;
  readonly split: string;
  readonly seed: number;
  readonly dataSha256: string;
  readonly figures: { readonly quantised: { readonly agreement: number; readonly drop: number } };
}

/** The cascade as it serves by day, and what it stands beside. */
export const MODELS = ['cascade', ...COMPARED] as const;
export type Model = (typeof MODELS)[number];

export interface RunFacts {
  readonly manifest: Manifest;
  readonly sha256: string;
  /** Size of the bundle. */
  readonly bytes: number;
  readonly provenance: RunProvenance;
  readonly graph: GraphData;
  readonly split: Split;
  /** Class per test node. */
  readonly truth: Int32Array;
  readonly models: Readonly<Record<Model, MethodAnswers>>;
  readonly day: CascadeResult;
  readonly night: CascadeResult;
  /** Every stage on every test node, and the same with all temperatures at 1. */
  readonly trace: CascadeTrace;
  readonly untempered: CascadeTrace;
  readonly grouped: GroupedAnswers;
  readonly incidents: IncidentFacts;
  /** `undefined` where not asked for, or without test nodes. */
  readonly times: StageTimes | undefined;
  /** Of the model, as its owner states it. */
  readonly licence: string | undefined;
}

export interface RunFactsOptions {
  readonly bundle: Bundle;
  readonly sha256: string;
  readonly bytes: number;
  readonly provenance: RunProvenance;
  /** With the features that the bundle reads. */
  readonly graph: GraphData;
  readonly split: Split;
  /** For the test nodes of the split, in its order. */
  readonly answers: TestAnswers;
  /** Class in which nothing is wrong. @default {the plant's, else found by its name} */
  readonly normal?: string | undefined;
  readonly licence?: string | undefined;
  /** Whether to measure how long stages take here: a third of a second. @default {true} */
  readonly timed?: boolean;
}

/** The same cascade without its temperatures. */
const withoutTemperatures = (bundle: Bundle): Bundle => ({
  ...bundle,
  stages: bundle.stages.map((stage) => ({ ...stage, inverseTemperature: 1 })),
});

/** @throws {InputError} `rows-wrong-width` where the data has other features, `option-invalid`. */
export function collectRunFacts(options: RunFactsOptions): RunFacts {
  const { bundle, graph, split, answers, timed = true } = options;
  const { manifest } = bundle;
  const nodes = split.test;
  const all = quantiseFeatures(graph.features, bundle.input);
  const rows = selectRows(all, nodes);
  const cascade = createCascade(bundle);
  const trace = traceCascade(cascade, rows);
  const day = runCascade(cascade, rows, manifest.policies.day);
  const truth = nodes.map((node) => graph.labels[node]);
  const last = manifest.stages.length - 1;
  return {
    manifest,
    sha256: options.sha256,
    bytes: options.bytes,
    provenance: options.provenance,
    graph,
    split,
    truth,
    models: {
      cascade: { classes: day.classes, confidence: day.confidence },
      teacher: answers.teacher,
      mlp: answers.mlp,
      glnn: answers.glnn,
    },
    day,
    night: runCascade(cascade, rows, manifest.policies.night),
    trace,
    untempered: traceCascade(createCascade(withoutTemperatures(bundle)), rows),
    grouped: {
      truth,
      classes: day.classes,
      fullClasses: trace.classes[last],
      macs: day.macs,
      fullMacs: trace.macs[last],
    },
    incidents: incidentFacts({
      graph,
      nodes,
      answers: day.classes,
      compared: answers,
      answerAll: () => runCascade(cascade, all, manifest.policies.day).classes,
      normal: options.normal,
    }),
    times: timed ? measureTimes(bundle, rows) : undefined,
    licence: options.licence,
  };
}
