// The whole road from a graph to a bundle: teacher, baselines, students,
// quantisation, certificate, figures.
import type { Bundle, Manifest } from '@dandan/shared/bundle';
import { createRandom } from '@dandan/shared/random';
import type { Engine } from '../autodiff/index.ts';
import type { Certification } from '../certify/certify.ts';
import { evaluateBundle } from '../evaluate/evaluate-bundle.ts';
import { type Figures, percent } from '../evaluate/figures.ts';
import type { GraphData, Split } from '../graph/graph-data.ts';
import { sharesOf } from '../prior/adapt-prior.ts';
import { checkChampion } from '../warm-start/check-champion.ts';
import { type TestAnswers, unpackAnswers } from './answers/test-answers.ts';
import { assembleBundle } from './assemble-bundle.ts';
import { type Checkpoint, noCheckpoint } from './checkpoint.ts';
import { distillOptions } from './distill-options.ts';
import { runGatekeeper } from './gatekeeper-phase.ts';
import type { PhaseContext } from './phase-context.ts';
import { featuresRead, prepare } from './prepare.ts';
import { type Progress, silentProgress } from './progress.ts';
import { runSingleMlp, runStudents } from './student-phases.ts';
import { runTeacher } from './teacher-phase.ts';
import type { TrainOptions } from './train-options.ts';

export interface TrainRunOptions {
  readonly graph: GraphData;
  readonly split: Split;
  /** Name of the split for the figures. */
  readonly splitName: string;
  readonly options: TrainOptions;
  /** Logits [N, C] of a teacher trained elsewhere; only with teacher `file`. */
  readonly teacherLogits?: Float32Array | undefined;
  /**
   * Training nodes that have no place in the graph, as hard cases have none; see `correctTargets`.
   * @default {none}
   */
  readonly corrections?: Int32Array | undefined;
  /** Students start from its weights. @default {fresh ones} */
  readonly champion?: Bundle | undefined;
  /** What else the manifest tells of the run. */
  readonly told?: Manifest['provenance'] | undefined;
  readonly model: string;
  readonly version: string;
  /** ISO 8601 time to store in the bundle; part of its bytes. */
  readonly created: string;
  readonly codeVersion: string;
  /** τ_conf of the batch-level exit in the figures. */
  readonly batchThreshold?: number;
  readonly checkpoint?: Checkpoint;
  readonly progress?: Progress;
  /** What trains. @default {one thread of the CPU} */
  readonly engine?: Engine | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface TrainRunResult {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly figures: Figures;
  readonly certification: Certification;
  /** Of the models that the cascade is compared with. */
  readonly answers: TestAnswers;
}

/**
 * Trains a cascade. The same graph, options and `created` give the same bytes.
 *
 * @throws the signal's reason when aborted; finished phases stay in the checkpoint.
 */
export async function trainRun(run: TrainRunOptions): Promise<TrainRunResult> {
  const { graph, options, checkpoint = noCheckpoint, progress = silentProgress } = run;
  const started = performance.now();
  if (run.champion) checkChampion({ champion: run.champion, graph, options });
  const random = createRandom(options.seed);
  const data = prepare(graph, run.split, options, random);
  // Refuses now what the students could not do, not after the teacher has been trained.
  distillOptions(graph, data, options);
  const context: PhaseContext = {
    graph,
    data,
    options,
    teacherLogits: run.teacherLogits,
    corrections: run.corrections,
    champion: run.champion,
    random,
    checkpoint,
    progress,
    engine: run.engine,
    signal: run.signal,
  };
  const teacher = await runTeacher(context);
  const { classWeights, prior } = teacher;
  const told = { ...context, data: { ...data, classWeights } };
  const mlp = await runSingleMlp(told, 'mlp', teacher.logits);
  const glnn = await runSingleMlp(told, 'glnn', teacher.logits);
  const baselines = {
    teacher: percent(teacher.accuracy),
    mlp: percent(mlp.accuracy),
    glnn: percent(glnn.accuracy),
  };
  const named = (shares: ArrayLike<number>) =>
    Object.fromEntries(graph.classes.map((name, c) => [name, percent(shares[c])]));
  const classShares = {
    assumed: options.classPrior,
    labelled: named(sharesOf(graph.labels, data.split.train, graph.classes.length)),
    estimated: named(prior),
  };
  const stages = await runGatekeeper(told, await runStudents(told, teacher.logits));
  run.signal?.throwIfAborted();

  const { bytes, sha256, bundle, certification, quantised } = await assembleBundle({
    graph,
    data: told.data,
    stages,
    options,
    model: run.model,
    version: run.version,
    created: run.created,
    provenance: (quantised) => ({
      data: graph.name,
      dataSha256: graph.sha256,
      split: run.splitName,
      setting: options.setting,
      seed: options.seed,
      testNodes: data.split.test.length,
      options: JSON.parse(JSON.stringify(options)),
      codeVersion: run.codeVersion,
      ...run.told,
      figures: { ...baselines, quantised, classShares },
    }),
  });
  // Made again rather than kept: noise makes sparse features dense.
  const measured: GraphData = {
    ...graph,
    features: featuresRead(graph, options, data.visible, random).students,
  };
  const { figures } = evaluateBundle(bundle, measured, data.split.test, run.batchThreshold);
  return {
    bytes,
    certification,
    answers: {
      nodes: data.split.test,
      teacher: unpackAnswers(teacher.answers),
      mlp: unpackAnswers(mlp.answers),
      glnn: unpackAnswers(glnn.answers),
    },
    figures: {
      model: run.model,
      bundle: sha256,
      data: graph.name,
      setting: options.setting,
      split: run.splitName,
      seed: options.seed,
      seconds: Math.round((performance.now() - started) / 100) / 10,
      ...baselines,
      ...figures,
      quantised,
      classShares,
    },
  };
}
