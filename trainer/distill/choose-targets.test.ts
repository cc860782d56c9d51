import { expect, test } from 'vitest';
import { createClusterGraph } from '../testing/cluster-graph.ts';
import { chooseTargets } from './choose-targets.ts';
import { asLogits, meanProbabilities, refineTargets } from './refine-targets.ts';

const { graph, split } = createClusterGraph({ perClass: 100 });
const { adjacency, labels } = graph;

/** Answers the class of `wrong` nodes one too high, all others rightly. */
const answers = (wrong: (node: number) => boolean, logit: number) =>
  Float32Array.from({ length: labels.length * 3 }, (_, at) => {
    const node = Math.floor(at / 3);
    return (labels[node] + (wrong(node) ? 1 : 0)) % 3 === at % 3 ? logit : 0;
  });

const choose = (teacherLogits: Float32Array, studentLogits: Float32Array[], edges = adjacency) =>
  chooseTargets({ teacherLogits, studentLogits, classes: 3, adjacency: edges, labels, split });

const noEdges = {
  nodeCount: labels.length,
  offsets: new Int32Array(labels.length + 1),
  indices: new Int32Array(0),
};

test('chooseTargets() takes the teacher where nothing is better', () => {
  const right = answers(() => false, 3);
  expect(choose(right, [])).toBe(right);
  expect(choose(right, [answers((node) => node % 2 === 0, 3)])).toBe(right);
});

test('chooseTargets() spreads a teacher over the graph where that mends it', () => {
  const teacherLogits = answers((node) => node % 5 < 2, 3);
  const probabilities = meanProbabilities([teacherLogits], 3);
  const common = { adjacency, probabilities, classes: 3, labels, train: split.train };
  const spread = refineTargets({ ...common, steps: 5, restart: 0.2 });
  expect(choose(teacherLogits, [])).toEqual(asLogits(spread));
  // Without edges there is nothing to spread over.
  expect(choose(teacherLogits, [], noEdges)).toBe(teacherLogits);
});

test('chooseTargets() joins teacher and students where they know different things', () => {
  const teacherLogits = answers((node) => node % 2 === 0, 1);
  // Surer than the teacher where that is wrong, and wrong elsewhere.
  const students = [answers((node) => node % 4 === 1, 2), answers(() => false, 1)];
  const chosen = choose(teacherLogits, students, noEdges);
  const mean = meanProbabilities([teacherLogits], 3);
  const joint = meanProbabilities(students, 3);
  expect(chosen).toEqual(asLogits(mean.map((p, at) => (p + joint[at]) / 2)));
});

test('chooseTargets() reads the labels of train and validation nodes only', () => {
  const teacherLogits = answers((node) => node % 5 < 2, 3);
  const hidden = labels.slice();
  for (const node of [...split.test, ...split.unlabelled]) hidden[node] = -1;
  const common = { teacherLogits, studentLogits: [], classes: 3, adjacency, split };
  expect(chooseTargets({ ...common, labels: hidden })).toEqual(
    chooseTargets({ ...common, labels }),
  );
});
