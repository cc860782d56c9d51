// After the last student is trained, the heads learn what early exit asks of them: agree with the
// last stage where they can, and be unsure where they cannot (Gatekeeper, arXiv 2502.19335, Eq. 2).
import type { Random } from '@dandan/shared/random';
import {
  adamCorrections,
  adamStep,
  add,
  constant,
  cpuEngine,
  type Engine,
  type Expression,
  firstMoment,
  type Input,
  input,
  logSoftmax,
  matmul,
  multiply,
  scalar,
  secondMoment,
} from '../autodiff/index.ts';
import { crossEntropy } from '../fit/cross-entropy.ts';
import { accuracyOf, argmaxRow, type ClassWeights } from '../metrics/accuracy.ts';
import { rowsAt } from '../network/rows-at.ts';
import type { Weights } from '../network/weights.ts';
import type { HiddenMatrix, Structure } from '../student/student.ts';
import type { DistilledStage } from './distill-cascade.ts';
import { hiddenAfter } from './hand-on.ts';
import { teacherTargets } from './losses.ts';

export interface GatekeeperOptions {
  readonly structure: Structure;
  readonly stages: readonly DistilledStage[];
  readonly classes: number;
  /** Nodes to learn on: those that the students were taught on. No label is read. */
  readonly nodes: Int32Array;
  /** Weight of the early stages' loss against keeping the last stage as it is. */
  readonly weight: number;
  /** To state the stages' accuracy anew. */
  readonly labels: Int32Array;
  readonly validation: Int32Array;
  readonly classWeights?: ClassWeights;
  readonly random: Random;
  onStep?(step: { step: number; steps: number; loss: number }): void;
  /** @default {one thread of the CPU} */
  readonly engine?: Engine | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Heads over frozen units settle quickly: 200 steps gave what 60 give (docs/decisions.md). */
const STEPS = 60;
const LEARNING_RATE = 0.01;
/** Steps between looks at the signal. */
const STEPS_PER_RUN = 10;
/** Enough for heads of some thousand weights, and few enough for graphs of millions of nodes. */
const MAX_NODES = 20_000;

/** Weights of a head under the name they have in their stage. */
const HEAD = ['head.u', 'head.h', 'head.b'] as const;
type HeadName = (typeof HEAD)[number];
type Head = Partial<Readonly<Record<HeadName, Input>>>;

const named = (stage: number, name: HeadName) => `${stage}.${name}`;

function headInputs({ stage, weights }: DistilledStage, classes: number): Head {
  return Object.fromEntries(
    HEAD.filter((name) => weights[name] !== undefined).map((name) => [
      name,
      input(named(stage, name), [weights[name].length / classes, classes]),
    ]),
  );
}

/** P_k of the nodes in `rows`, from frozen units and the heads that learn. */
function logitsOf(
  { structure, stages }: Pick<GatekeeperOptions, 'structure' | 'stages'>,
  heads: readonly Head[],
  count: number,
  rows: (matrix: Float32Array, width: number) => Float32Array,
): Expression[] {
  const all: Expression[] = [];
  let before: HiddenMatrix | undefined;
  stages.forEach((stage, k) => {
    const { 'head.u': u, 'head.h': h, 'head.b': b } = heads[k] as Record<HeadName, Input>;
    const matrix = (values: Float32Array, width: number) => {
      const own = rows(values, width);
      return constant(own, [own.length / width, width]);
    };
    const width = stage.units.length / count;
    let logits = add(matmul(matrix(stage.units, width), u), b);
    if (h && before) logits = add(logits, matmul(matrix(before.values, before.width), h));
    if (structure === 'additive' && k > 0) logits = add(logits, all[k - 1]);
    all.push(logits);
    before = hiddenAfter(structure, count, before, stage);
  });
  return all;
}

/** One-hot of the last stage's class where the stage agrees with it, else 1/C for every class. */
function gateTargets(own: Float32Array, last: Float32Array, classes: number): Float32Array {
  const targets = new Float32Array(own.length);
  for (let i = 0; i < own.length / classes; i++) {
    const answer = argmaxRow(last, classes, i);
    if (argmaxRow(own, classes, i) === answer) targets[i * classes + answer] = 1;
    else targets.fill(1 / classes, i * classes, (i + 1) * classes);
  }
  return targets;
}

/**
 * Tunes the heads of all stages together; the hidden layers stay. Stage k < K is drawn towards the
 * class of stage K where both agree and towards equal probabilities where they do not; what stage K
 * says is held by its own earlier probabilities. Where the structure lets a head stand alone
 * (`paper`, `incremental`), the last one is not touched.
 *
 * @returns the stages with new heads, logits and validation accuracies; a single stage as it is.
 * @throws the signal's reason when aborted.
 */
export async function tuneHeads(options: GatekeeperOptions): Promise<readonly DistilledStage[]> {
  const { structure, stages, classes, weight, signal, engine = cpuEngine() } = options;
  const last = stages.length - 1;
  if (last < 1) return stages;
  const count = stages[0].logits.length / classes;
  const shuffled = options.nodes.slice();
  options.random.shuffle(shuffled);
  const nodes = shuffled.subarray(0, MAX_NODES).sort();
  const at = (matrix: Float32Array, width: number) => rowsAt(matrix, width, nodes);

  const heads = stages.map((stage) => headInputs(stage, classes));
  const learning = structure === 'additive' ? heads : heads.slice(0, last);
  const parameters = learning.flatMap((head) => Object.values(head));
  const own = stages.map(({ logits }) => at(logits, classes));
  const now = logitsOf(options, heads, count, at).map(logSoftmax);
  const { targets: kept } = teacherTargets(own[last], classes, 1);
  let loss = crossEntropy(constant(kept, [nodes.length, classes]), now[last]);
  for (let k = 0; k < last; k++) {
    const targets = gateTargets(own[k], own[last], classes);
    const gate = crossEntropy(constant(targets, [nodes.length, classes]), now[k]);
    loss = add(loss, multiply(scalar(weight), gate));
  }

  const moments = parameters.flatMap(({ name, shape }) => [
    input(firstMoment(name), shape),
    input(secondMoment(name), shape),
  ]);
  const everyNode = logitsOf(options, heads, count, (matrix) => matrix);
  const session = await engine.createSession({
    state: [...heads.flatMap((head) => Object.values(head)), ...moments],
    entries: {
      step: {
        outputs: { loss },
        updates: adamStep({ loss, parameters, learningRate: LEARNING_RATE }),
      },
      evaluate: { outputs: Object.fromEntries(everyNode.map((logits, k) => [`${k}`, logits])) },
    },
  });
  try {
    await session.write(
      Object.fromEntries(
        stages.flatMap(({ stage, weights }, k) =>
          (Object.keys(heads[k]) as HeadName[]).map((name) => [named(stage, name), weights[name]]),
        ),
      ),
    );
    for (let step = 0; step < STEPS; step += STEPS_PER_RUN) {
      signal?.throwIfAborted();
      const feeds = Array.from({ length: STEPS_PER_RUN }, (_, i) => adamCorrections(step + i + 1));
      const results = await session.run('step', feeds);
      const [value] = results[results.length - 1].loss;
      options.onStep?.({ step: step + STEPS_PER_RUN, steps: STEPS, loss: value });
    }
    const tuned = await session.read(parameters.map(({ name }) => name));
    const [evaluated] = await session.run('evaluate');
    return stages.map((stage, k) => {
      if (k >= learning.length) return stage;
      const fresh: Weights = Object.fromEntries(
        (Object.keys(heads[k]) as HeadName[]).map((name) => [
          name,
          tuned[named(stage.stage, name)],
        ]),
      );
      const logits = evaluated[`${k}`];
      const { labels, validation, classWeights } = options;
      return {
        ...stage,
        weights: { ...stage.weights, ...fresh },
        logits,
        validationAccuracy: accuracyOf(logits, classes, labels, validation, classWeights),
      };
    });
  } finally {
    await session.release();
  }
}
