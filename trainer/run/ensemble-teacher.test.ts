import { createRandom } from '@dandan/shared/random';
import { expect, test } from 'vitest';
import { softmaxRow } from '../metrics/softmax-row.ts';
import { createClusterGraph } from '../testing/cluster-graph.ts';
import { noCheckpoint } from './checkpoint.ts';
import { ensembleTeacher, teacherMember } from './ensemble-teacher.ts';
import type { PhaseContext } from './phase-context.ts';
import { prepare } from './prepare.ts';
import { silentProgress } from './progress.ts';
import { DEFAULTS, type TrainOptions } from './train-options.ts';
import { trainedTeacher } from './trained-teacher.ts';

const { graph, split } = createClusterGraph();
const CLASSES = 3;

function contextOf(setting: TrainOptions['setting']): PhaseContext {
  const options: TrainOptions = {
    ...DEFAULTS,
    widths: [4],
    setting,
    teacher: 'ensemble',
    teacherHidden: 8,
    teacherMaxEpochs: 15,
    teacherMembers: [
      teacherMember('gcn', { ...DEFAULTS, teacherHidden: 8, teacherMaxEpochs: 15 }),
      teacherMember('sage', {
        ...DEFAULTS,
        teacherHidden: 4,
        teacherMaxEpochs: 10,
        teacherInput: 'raw',
      }),
    ],
  };
  return {
    graph,
    data: prepare(graph, split, options, createRandom(1)),
    options,
    random: createRandom(1),
    checkpoint: noCheckpoint,
    progress: silentProgress,
    signal: undefined,
  };
}

test.each(['tran', 'ind'] as const)(
  'ensembleTeacher() answers with the mean probability of its networks: %s',
  async (setting) => {
    const context = contextOf(setting);
    const { seen, whole } = await ensembleTeacher({ ...context, onEpoch() {} });
    const members = await Promise.all(
      (context.options.teacherMembers ?? []).map((member) =>
        trainedTeacher({
          ...context,
          options: { ...context.options, ...member },
          kind: member.teacher,
          random: context.random.fork(member.teacher),
          onEpoch() {},
        }),
      ),
    );
    for (const [mean, one] of [
      [seen, members.map((member) => member.seen)],
      [whole, members.map((member) => member.whole)],
    ] as const) {
      for (let i = 0; i < mean.length; i += CLASSES) {
        const rows = one.map((logits) => softmaxRow(logits.subarray(i, i + CLASSES), 1));
        softmaxRow(mean.subarray(i, i + CLASSES), 1).forEach((p, c) => {
          expect(p).toBeCloseTo((rows[0][c] + rows[1][c]) / 2, 5);
        });
      }
    }
    expect(seen === whole).toBe(setting === 'tran');
  },
);

test('ensembleTeacher() needs networks', async () => {
  const { options, ...rest } = contextOf('tran');
  const { teacherMembers: _, ...without } = options;
  await expect(ensembleTeacher({ ...rest, options: without, onEpoch() {} })).rejects.toThrow(
    "needs 'teacherMembers'",
  );
});
