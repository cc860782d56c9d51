// One door to every method of the comparison: the same data, teacher, hyper-parameters and
// costs in, accuracy against multiply-accumulates out.
import { createRandom } from '@dandan/shared/random';
import { adaptSingle, singleWidths, trainSingle } from '../run/train-single.ts';
import { ensembleClasses } from './ensemble-classes.ts';
import { alone, measureStudents, type TrainedStudents } from './measure-students.ts';
import type { MethodResult, PreparedMethod, RunMethodOptions } from './method.ts';
import { staircaseOf } from './staircase.ts';
import { trainAdagmlp } from './train-adagmlp.ts';
import { type StaircaseMethod, structureOf, trainCascade } from './train-cascade.ts';

async function trainPlain(given: PreparedMethod): Promise<TrainedStudents> {
  const { graph, random, method, onEpoch } = given;
  const trained = await trainSingle({
    ...given,
    teacherLogits: undefined,
    random: random.fork(method),
    onEpoch: (report) => onEpoch(1, report),
  });
  const { logits, epochs, classWeights } = adaptSingle(trained, given);
  const running = ensembleClasses({ logits: [logits], classes: graph.classes.length });
  return { students: [alone(singleWidths(given.options), logits, epochs)], running, classWeights };
}

async function trainSingles(given: PreparedMethod, count: number): Promise<TrainedStudents> {
  const { graph, random, method, onEpoch } = given;
  const students: TrainedStudents['students'][number][] = [];
  for (let k = 1; k <= count; k++) {
    const { logits, epochs } = await trainSingle({
      ...given,
      random: random.fork(count === 1 ? method : `${method} ${k}`),
      onEpoch: (report) => onEpoch(k, report),
    });
    students.push(alone(singleWidths(given.options), logits, epochs));
  }
  const logits = students.map((student) => student.logits);
  return { students, running: ensembleClasses({ logits, classes: graph.classes.length }) };
}

async function trainBoosted(given: PreparedMethod): Promise<TrainedStudents> {
  const { graph, random, onEpoch } = given;
  const { logits, alphas, epochs } = await trainAdagmlp({
    ...given,
    random: random.fork('adagmlp'),
    onEpoch: (report) => onEpoch(1, report),
  });
  const classes = graph.classes.length;
  return {
    students: logits.map((matrix) => alone(singleWidths(given.options), matrix, epochs)),
    running: ensembleClasses({ logits, classes, weights: alphas }),
  };
}

async function trainStaircase(given: PreparedMethod, method: StaircaseMethod) {
  return staircaseOf(await trainCascade(structureOf(method), given), method, given.options);
}

function train(given: PreparedMethod): Promise<TrainedStudents> {
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
    case 'progmlp-incremental':
    case 'progmlp-additive':
      return trainStaircase(given, given.method);
  }
}

/**
 * Trains and measures one method. The same options give the same result, whatever ran before.
 *
 * @throws the signal's reason when aborted; {InputError} `training-diverged`.
 */
export async function runMethod(options: RunMethodOptions): Promise<MethodResult> {
  const started = performance.now();
  const trained = await train({
    random: createRandom(options.options.seed),
    onEpoch() {},
    ...options,
  });
  return {
    method: options.method,
    ...measureStudents(trained, options),
    seconds: (performance.now() - started) / 1000,
  };
}
