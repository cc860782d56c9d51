// The cases of `npm run bench -- train`.
import { DEFAULTS, TEACHER_DEFAULTS, type TrainOptions } from '../../trainer/run/train-options.ts';
import { defaultWidths } from '../../trainer/student/widths.ts';
import { gcnEpochCase } from './gcn-epoch.ts';
import { ARXIV_SIZE, PRODUCTS_SIZE } from './sizes.ts';
import type { TrainCase } from './train-case.ts';
import { folderSource, wholeRunCase } from './whole-run.ts';

const STAGES = 4;
const HIDDEN = 64;

/** What `dandan train --stages 4 --structure …` runs. */
const optionsFor = (structure: TrainOptions['structure']): TrainOptions => ({
  ...DEFAULTS,
  structure,
  setting: 'tran',
  widths: defaultWidths(structure, STAGES, HIDDEN),
});

/** Rows of a step of the largest case. */
const PRODUCTS_BATCH = 16_384;
/** Epochs of every phase that the peer runs where all of them would take it an hour. */
const PEER_CAP = { physics: 10, products: 50 };

const gcn = {
  dropout: DEFAULTS.teacherDropout,
  learningRate: DEFAULTS.teacherLearningRate,
  weightDecay: DEFAULTS.teacherWeightDecay,
};
const arxiv = { ...ARXIV_SIZE, name: 'arxiv-size', seed: 1 };

export const TRAIN_CASES: readonly TrainCase[] = [
  wholeRunCase({
    name: 'cora-k4',
    summary: 'Cora, public split: teacher, MLP, GLNN, 4 students (paper structure), bundle',
    source: folderSource('cora'),
    options: optionsFor('paper'),
    repetitions: 3,
    peerCap: null,
    withMemory: false,
    notes: [],
  }),
  wholeRunCase({
    name: 'physics-k4',
    summary: 'Coauthor Physics, random 20/30: the same, with peak memory',
    source: folderSource('coauthor-physics'),
    options: optionsFor('paper'),
    repetitions: 1,
    peerCap: PEER_CAP.physics,
    withMemory: true,
    notes: [],
  }),
  gcnEpochCase({
    name: 'arxiv-size-gcn-epoch',
    summary: '169,343 nodes, 2.3 M directed edges, 128 features, 40 classes: 2 layers of 64',
    graph: arxiv,
    model: { ...gcn, depth: 2, hidden: 64 },
  }),
  gcnEpochCase({
    name: 'arxiv-size-gcn-3x256-epoch',
    summary: "the same graph, 3 layers of 256 units as in OGB's example, without batch norm",
    graph: arxiv,
    model: { ...gcn, depth: 3, hidden: 256 },
  }),
  wholeRunCase({
    name: 'products-size',
    summary: `2.4 M nodes, 62 M edges, 100 features, 47 classes: the same in batches of ${PRODUCTS_BATCH}, SIGN teacher`,
    optIn: true,
    source: { kind: 'random', options: { ...PRODUCTS_SIZE, name: 'products-size', seed: 1 } },
    options: {
      ...optionsFor('incremental'),
      ...TEACHER_DEFAULTS.sign,
      teacher: 'sign',
      batch: PRODUCTS_BATCH,
    },
    repetitions: 1,
    peerCap: PEER_CAP.products,
    withMemory: true,
    notes: ['as dandan train --teacher sign --batch 16384; an epoch is a step of one batch'],
  }),
];
