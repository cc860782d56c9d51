// `npm run bench -- infer`: microseconds a call beside onnxruntime and tfjs, the same weights on all.
import '../../trainer/autodiff/onnx/environment.ts';
import { chooseKernels } from '@dandan/shared/cascade';
import { defaultWidths } from '../../trainer/student/widths.ts';
import type { Benchmark } from '../benchmark.ts';
import { ARXIV_SIZE } from '../train/sizes.ts';
import { folderSource } from '../train/whole-run.ts';
import { cascadeCase } from './cascade-case.ts';
import { estimateGhz } from './clock.ts';
import { exportCase } from './export-case.ts';
import type { InferCase } from './infer-case.ts';
import { prepareInferPeers } from './peers/install.ts';
import { shapeCase } from './shape-case.ts';
import { sizeCase } from './size-case.ts';
import { startUpCase } from './startup-case.ts';
import { teacherCase } from './teacher-case.ts';

/** Words of a paper in Cora, and in Coauthor Physics. */
const CORA = { inputs: 1433, hidden: 128, classes: 7 };
const PHYSICS = { inputs: 8415, hidden: 128, classes: 5 };

/** Features about as telling as ogbn-arxiv's, on which a plain MLP has 55 % (Hu et al. 2020, Table 6). */
const ARXIV_CLASS_SHIFT = 1.75;

const INFER_CASES: readonly InferCase[] = [
  shapeCase('64-64-8', { inputs: 64, hidden: 64, classes: 8 }),
  shapeCase('128-128-40', { inputs: 128, hidden: 128, classes: 40 }),
  shapeCase('1433-128-7', CORA),
  shapeCase('1433-128-7 sparse', { ...CORA, nonZeros: 18 }),
  shapeCase('8415-128-5 sparse', { ...PHYSICS, nonZeros: 33 }),
  cascadeCase('cascade 128-128-40', { inputs: 128, hidden: 128, classes: 40 }),
  cascadeCase('cascade 1433-128-7 sparse', { ...CORA, nonZeros: 18 }),
  exportCase,
  sizeCase,
  startUpCase,
  ...['cora', 'amazon-photo', 'coauthor-cs', 'coauthor-physics'].map((set) =>
    teacherCase({
      name: `all nodes of ${set}`,
      summary: 'GCN teacher over the graph against the certified cascade; trains it first',
      source: folderSource(set),
      optIn: true,
    }),
  ),
  teacherCase({
    name: 'all nodes of arxiv-size',
    summary: 'the same on a random graph of 169,343 nodes and 2.3 M directed edges',
    source: {
      kind: 'random',
      options: { ...ARXIV_SIZE, name: 'arxiv-size', seed: 1, classShift: ARXIV_CLASS_SHIFT },
    },
    optIn: true,
    options: { batch: 16_384, teacherMaxEpochs: 60, widths: defaultWidths('additive', 4, 256) },
    larger: { 'gcn-3x256-ort-node': { teacherDepth: 3, teacherHidden: 256 } },
  }),
];

export const inferBenchmark: Benchmark = {
  name: 'infer',
  summary: 'inference, beside onnxruntime (native and web) and tfjs, one thread each',
  cases: INFER_CASES,
  async setup(context) {
    const peers = await prepareInferPeers(context);
    return peers.kind === 'present' ? 'onnxruntime-web and tfjs are installed' : peers.reason;
  },
  async open(context) {
    const peers = await prepareInferPeers(context);
    const ghz = estimateGhz();
    return {
      facts: { kernels: chooseKernels().path, ghz: Number(ghz.toFixed(2)) },
      async run(name) {
        const found = INFER_CASES.find((each) => each.name === name);
        if (found === undefined) throw new RangeError(`There is no case '${name}'`);
        return found.run({ ...context, peers, ghz });
      },
    };
  },
};
