// Asks a running edge for the test nodes' classes and holds them against the
// cascade run here: the promise of equal bits, checked over the network.
import type { Bundle } from '@dandan/shared/bundle';
import { createCascade, runCascade } from '@dandan/shared/cascade';
import { selectRows } from '@dandan/shared/kernel';
import { encodeQuantisedRows, predictResponseSchema } from '@dandan/shared/wire';
import type { GraphData } from '../graph/graph-data.ts';
import { quantiseFeatures } from '../quantise/input.ts';

export interface EvaluateEdgeOptions {
  readonly bundle: Bundle;
  /** SHA-256 of the bundle, which the edge must hold. */
  readonly sha256: string;
  readonly graph: GraphData;
  readonly nodes: Int32Array;
  /** Posts a safetensors body to the model's predict route. */
  predict(model: string, body: Uint8Array<ArrayBuffer>): Promise<unknown>;
}

export interface EdgeEvaluation {
  readonly nodes: number;
  /** Nodes with the same class, and with the same stage and confidence, as here. */
  readonly sameClass: number;
  readonly sameStage: number;
  readonly sameConfidence: number;
  /** Share of nodes that stop at each stage at the edge; index 0 is stage 1. */
  readonly share: readonly number[];
  /** Median milliseconds per request of up to {@linkcode ROWS_PER_REQUEST} nodes. */
  readonly medianMs: number;
}

/** A tenth of what the edge accepts: several requests show that batches do not matter. */
const ROWS_PER_REQUEST = 400;

/** @throws {InputError} `edge-unreachable`, `edge-refused`; a ZodError when the answer has another form. */
export async function evaluateEdge(options: EvaluateEdgeOptions): Promise<EdgeEvaluation> {
  const { bundle, sha256, graph, nodes, predict } = options;
  const { model, policies, stages } = bundle.manifest;
  const cascade = createCascade(bundle);
  const all = quantiseFeatures(graph.features, bundle.input);
  const byStage = stages.map(() => 0);
  const milliseconds: number[] = [];
  let sameClass = 0;
  let sameStage = 0;
  let sameConfidence = 0;
  for (let begin = 0; begin < nodes.length; begin += ROWS_PER_REQUEST) {
    const rows = selectRows(all, nodes.subarray(begin, begin + ROWS_PER_REQUEST));
    const here = runCascade(cascade, rows, policies.day);
    const started = performance.now();
    const body = encodeQuantisedRows(rows, { bundle: sha256, model });
    const { answers } = predictResponseSchema.parse(await predict(model, body));
    milliseconds.push(performance.now() - started);
    answers.forEach((answer, i) => {
      if (answer.class === here.classes[i]) sameClass++;
      if (answer.stage === here.stage[i]) sameStage++;
      if (answer.confidence === here.confidence[i]) sameConfidence++;
      byStage[answer.stage - 1]++;
    });
  }
  const share = byStage.map((count) => count / Math.max(1, nodes.length));
  const sorted = milliseconds.sort((a, b) => a - b);
  const medianMs = sorted[Math.floor(sorted.length / 2)] ?? 0;
  return { nodes: nodes.length, sameClass, sameStage, sameConfidence, share, medianMs };
}
