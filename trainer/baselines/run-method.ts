// One door to every method of the comparison: the same data, teacher, hyper-parameters and
// costs in, accuracy against multiply-accumulates out.
import { createRandom } from '@dandan/shared/random';
import { argmaxRow, type ClassWeights, shareCorrect } from '../metrics/accuracy.ts';
import { meanColumns } from '../run/prepare.ts';
import { adaptSingle, singleWidths, trainSingle } from '../run/train-single.ts';
import { studentMacs } from '../student/student-macs.ts';
import { ensembleClasses } from './ensemble-classes.ts';
import type { MethodResult, PreparedMethod, RunMethodOptions } from './method.ts';
import { trainAdagmlp } from './train-adagmlp.ts';
import { trainCascade } from './train-cascade.ts';

/** What a method leaves: K students and the running answer after each. */
interface Trained {
  readonly students: readonly {
    /** float32 [N, C]. */
    readonly logits: Float32Array;
    readonly epochs: number;
    /** Units of the predecessors that its first layer reads. */
    readonly reads: number;
    readonly widths: readonly number[];
    readonly headInputs: number;
  }[];
  /** Per number of students, int32 [N]. */
  readonly running: readonly Int32Array[];
  /** What a validation node of each class counts, by a method's own estimate. */
  readonly classWeights?: ClassWeights;
}

/** A student that reads x alone. */
function alone(given: PreparedMethod, logits: Float32Array, epochs: number) {
  const widths = singleWidths(given.options);
  return { logits, epochs, reads: 0, widths, headInputs: widths[widths.length - 1] };
}

async function trainPlain(given: PreparedMethod): Promise<Trained> {
  const { graph, random, method, onEpoch } = given;
  const trained = await trainSingle({
    ...given,
    teacherLogits: undefined,
    random: random.fork(method),
    onEpoch: (report) => onEpoch(1, report),
  });
  const { logits, epochs, classWeights } = adaptSingle(trained, given);
  const running = ensembleClasses({ logits: [logits], classes: graph.classes.length });
  return { students: [alone(given, logits, epochs)], running, classWeights };
}

async function trainSingles(given: PreparedMethod, count: number): Promise<Trained> {
  const { graph, random, method, onEpoch } = given;
  const students: Trained['students'][number][] = [];
  for (let k = 1; k <= count; k++) {
    const { logits, epochs } = await trainSingle({
      ...given,
      random: random.fork(count === 1 ? method : `${method} ${k}`),
      onEpoch: (report) => onEpoch(k, report),
    });
    students.push(alone(given, logits, epochs));
  }
  const logits = students.map((student) => student.logits);
  return { students, running: ensembleClasses({ logits, classes: graph.classes.length }) };
}

async function trainBoosted(given: PreparedMethod): Promise<Trained> {
  const { graph, random, onEpoch } = given;
  const { logits, alphas, epochs } = await trainAdagmlp({
    ...given,
    random: random.fork('adagmlp'),
    onEpoch: (report) => onEpoch(1, report),
  });
  const classes = graph.classes.length;
  return {
    students: logits.map((matrix) => alone(given, matrix, epochs)),
    running: ensembleClasses({ logits, classes, weights: alphas }),
  };
}

async function trainStaircase(given: PreparedMethod, structure: 'paper' | 'incremental') {
  const { stages, widths, running } = await trainCascade(structure, given);
  const incremental = structure === 'incremental';
  const students = stages.map(({ logits, epochs }, k) => {
    const before = k === 0 ? 0 : widths[k - 1];
    const own = widths[k] - (incremental ? before : 0);
    const layers = Array<number>(given.options.hiddenLayers).fill(own);
    return { logits, epochs, reads: before, widths: layers, headInputs: widths[k] };
  });
  return { students, running };
}

function train(given: PreparedMethod): Promise<Trained> {
  switch (given.method) {
    case 'mlp':
      return trainPlain(given);
    case 'glnn':
      return trainSingles(given, 1);
    case 'e-glnn':
      return trainSingles(given, given.options.widths.length);
    case 'adagmlp':
      return trainBoosted(given);
    case 'progmlp-paper':
      return trainStaircase(given, 'paper');
    case 'progmlp-incremental':
      return trainStaircase(given, 'incremental');
  }
}

/**
 * Trains and measures one method. The same options give the same result, whatever ran before.
 *
 * @throws the signal's reason when aborted; {InputError} `training-diverged`.
 */
export async function runMethod(options: RunMethodOptions): Promise<MethodResult> {
  const { method, graph, data } = options;
  const { labels } = graph;
  const classes = graph.classes.length;
  const started = performance.now();
  const {
    students,
    running,
    classWeights = data.classWeights,
  } = await train({
    random: createRandom(options.options.seed),
    onEpoch() {},
    ...options,
  });
  const measure = (answers: Int32Array) => ({
    accuracy: shareOf(answers, labels, data.split.test),
    validationAccuracy: shareOf(answers, labels, data.split.validation, classWeights),
  });
  const columns = meanColumns(data.rows);
  let cumulativeMacs = 0;
  const stages = students.map(({ logits, epochs, ...shape }) => {
    const macs = studentMacs({ ...shape, columns, classes });
    cumulativeMacs += macs;
    const own = labels.map((_, i) => argmaxRow(logits, classes, i));
    return { ...measure(own), macs, cumulativeMacs, epochs };
  });
  const curve = running.map((answers, k) => ({
    macs: stages[k].cumulativeMacs,
    accuracy: measure(answers).accuracy,
  }));
  const predictions = running[running.length - 1];
  return {
    method,
    stages,
    output: { ...measure(predictions), macs: cumulativeMacs },
    predictions,
    logits: students.map(({ logits }) => logits),
    curve,
    seconds: (performance.now() - started) / 1000,
  };
}

/** Accuracy of answers for all nodes on some of them. */
function shareOf(
  answers: Int32Array,
  labels: Int32Array,
  nodes: Int32Array,
  weights?: ClassWeights,
): number {
  return shareCorrect(
    nodes.map((node) => answers[node]),
    labels,
    nodes,
    weights,
  );
}
