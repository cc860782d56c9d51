// `npm run bench -- train`: training time and memory beside PyTorch Geometric on the same machine.
import { availableParallelism } from 'node:os';
import type { Benchmark } from '../benchmark.ts';
import { TRAIN_CASES } from './cases.ts';
import { preparePyg } from './peers/pyg.ts';

export const trainBenchmark: Benchmark = {
  name: 'train',
  summary: 'training, beside PyTorch Geometric on the same CPU',
  cases: TRAIN_CASES,
  async setup(context) {
    const pyg = await preparePyg(context, availableParallelism());
    if (pyg.kind === 'absent') return pyg.reason;
    const { versions } = pyg;
    return `PyTorch ${versions.torch}, PyTorch Geometric ${versions.pyg} on Python ${versions.python}`;
  },
  async open(context) {
    const threads = availableParallelism();
    const pyg = await preparePyg(context, threads);
    return {
      facts: { pyg: pyg.kind === 'present' ? pyg.versions : null },
      async run(name) {
        const found = TRAIN_CASES.find((each) => each.name === name);
        if (found === undefined) throw new RangeError(`There is no case '${name}'`);
        return found.run({ ...context, pyg, threads });
      },
    };
  },
};
