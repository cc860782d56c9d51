// Distilled stages to a certified bundle file.
import {
  type Bundle,
  type DraftManifest,
  type Manifest,
  readBundle,
  type Stage,
  writeBundle,
} from '@dandan/shared/bundle';
import {
  type Cascade,
  type CascadeTrace,
  createCascade,
  traceCascade,
} from '@dandan/shared/cascade';
import { createReference } from '@dandan/shared/drift';
import { selectRows } from '@dandan/shared/kernel';
import { applyCertification } from '../certify/apply-certification.ts';
import { type Certification, certify } from '../certify/certify.ts';
import { stopShares } from '../certify/stop-shares.ts';
import type { DistilledStage } from '../distill/distill-cascade.ts';
import { type Figures, percent } from '../evaluate/figures.ts';
import { runningClasses } from '../evaluate/running-output.ts';
import type { GraphData } from '../graph/graph-data.ts';
import { type ClassWeights, shareCorrect } from '../metrics/accuracy.ts';
import { ACTIVATION_SCALE, quantiseStages } from '../quantise/stages.ts';
import { studentMacs } from '../student/student-macs.ts';
import { meanColumns, type PreparedData } from './prepare.ts';
import { stageTemperatures } from './stage-temperatures.ts';
import type { TrainOptions } from './train-options.ts';

export interface AssembleOptions {
  readonly graph: GraphData;
  readonly data: PreparedData;
  readonly stages: readonly DistilledStage[];
  readonly options: TrainOptions;
  /** T_k per stage. @default {fitted on the validation nodes} */
  readonly temperatures?: readonly number[];
  readonly model: string;
  readonly version: string;
  /** ISO 8601. */
  readonly created: string;
  /** What the manifest tells of the run, given what quantisation changed on the test nodes. */
  readonly provenance: (quantised: Figures['quantised']) => Manifest['provenance'];
}

export interface AssembledBundle {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly sha256: string;
  readonly bundle: Bundle;
  readonly certification: Certification;
  readonly quantised: Figures['quantised'];
}

function stageManifest(
  stage: Stage,
  temperature: number,
  columns: number,
  width: number,
): DraftManifest['stages'][number] {
  const macs = studentMacs({
    columns,
    reads: stage.hidden[0].inputs - width,
    widths: stage.hidden.map(({ outputs }) => outputs),
    headInputs: stage.head.inputs,
    classes: stage.head.outputs,
  });
  return {
    hidden: stage.hidden.map(({ inputs, outputs }) => ({
      inputs,
      outputs,
      activationScale: ACTIVATION_SCALE,
    })),
    head: { inputs: stage.head.inputs, outputs: stage.head.outputs, activationScale: null },
    temperature,
    macs: Math.round(macs),
    validation: { accuracy: 0, stopShare: 0, agreement: 0 },
  };
}

/** What a row is made of, with what the run adds for the students. */
function featureSpecOf({ graph, data, options }: AssembleOptions): DraftManifest['features'] {
  const { featureSpec } = graph;
  if (featureSpec.kind !== 'table') return featureSpec;
  const { propagation, positions } = options;
  return {
    ...featureSpec,
    columns: data.rows.width,
    ...(propagation > 0 && { propagation }),
    ...(positions > 0 && { positions }),
  };
}

/** Accuracy and agreement per stage on the validation nodes. */
function measureStages(
  trace: CascadeTrace,
  {
    labels,
    nodes,
    classWeights,
  }: { labels: Int32Array; nodes: Int32Array; classWeights: ClassWeights },
) {
  const last = trace.classes.length - 1;
  const share = (count: number) => (nodes.length === 0 ? 0 : count / nodes.length);
  return trace.classes.map((classes, k) => ({
    accuracy: shareCorrect(trace.stageClasses[k], labels, nodes, classWeights),
    agreement: share(classes.filter((value, i) => value === trace.classes[last][i]).length),
  }));
}

/** Class and accuracy of the full int8 cascade on the test nodes against the float32 one. */
function measureQuantisation(
  { graph, data, stages }: AssembleOptions,
  cascade: Cascade,
  temperatures: readonly number[],
): Figures['quantised'] {
  const { test } = data.split;
  const logits = stages.map((stage) => stage.logits);
  const float = runningClasses(logits, temperatures, graph.classes.length, test);
  const int8 = traceCascade(cascade, selectRows(data.rows, test)).classes[stages.length - 1];
  const same = int8.filter((value, i) => value === float[i]).length;
  const accuracy = (classes: Int32Array) => shareCorrect(classes, graph.labels, test);
  return {
    agreement: percent(same / Math.max(1, test.length)),
    drop: percent(accuracy(float) - accuracy(int8)),
  };
}

/** The cheap policy runs the lower half of the staircase only. */
const nightStages = (stages: number) => Math.max(1, Math.floor(stages / 2));

/**
 * Quantises, fits temperatures on validation, certifies thresholds on the calibration nodes of the quantised cascade, and writes the file.
 */
export async function assembleBundle(options: AssembleOptions): Promise<AssembledBundle> {
  const { graph, data, stages, options: train } = options;
  const { labels } = graph;
  const { classWeights } = data;
  const { validation, unlabelled } = data.split;
  const logits = stages.map((stage) => stage.logits);
  const temperatures = options.temperatures ?? stageTemperatures({ graph, data, logits });
  const int8 = quantiseStages({
    input: data.input,
    studentScale: data.studentScale,
    structure: train.structure,
    stages,
    visible: data.visible,
    temperatures,
  });
  const columns = meanColumns(data.rows);
  const reference = createReference(data.rows, data.visible);
  const never = stages.slice(1).map(() => null);
  const day = { maxStage: stages.length, thresholds: never, certificate: null };
  const draft: DraftManifest = {
    schema: 1,
    model: options.model,
    version: options.version,
    created: options.created,
    classes: [...graph.classes],
    features: featureSpecOf(options),
    input: {
      sparse: data.input.sparse,
      zeroPoint: data.input.zeroPoint,
      meanNonZeros: columns,
    },
    structure: train.structure,
    stages: int8.map((stage, k) =>
      stageManifest(stage, temperatures[k], columns, data.input.width),
    ),
    policies: { day, night: { ...day, maxStage: nightStages(stages.length) } },
    ...(reference && { reference }),
    provenance: {},
  };
  const contents = { input: data.input, stages: int8 };
  const uncertified = await writeBundle({ manifest: draft, ...contents });
  const cascade = createCascade(await readBundle(uncertified.bytes));

  const calibration = traceCascade(cascade, selectRows(data.rows, unlabelled));
  const certification = certify({
    trace: calibration,
    classes: graph.classes.length,
    promises: { alpha: train.alpha, worstClass: train.worstClass, escalation: train.escalation },
    delta: train.delta,
    seed: train.seed,
  });
  const validated = traceCascade(cascade, selectRows(data.rows, validation));
  const measured = measureStages(validated, { labels, nodes: validation, classWeights });
  const quantised = measureQuantisation(options, cascade, temperatures);
  const manifest = applyCertification(
    {
      ...draft,
      stages: draft.stages.map((stage, k) => ({
        ...stage,
        validation: { ...stage.validation, ...measured[k] },
      })),
      provenance: options.provenance(quantised),
    },
    certification,
    stopShares(validated, certification.thresholds),
  );
  const { bytes, sha256 } = await writeBundle({ manifest, ...contents });
  return { bytes, sha256, bundle: await readBundle(bytes), certification, quantised };
}
