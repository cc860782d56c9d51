// `npm run bench -- rows`: how many samples a second become feature rows.
import type { Benchmark } from '../benchmark.ts';
import { measureRows, type RowCase } from './row-case.ts';

const CASES: readonly RowCase[] = [
  {
    name: '10 samples a window',
    windows: { windowMs: 300_000, strideMs: 300_000 },
    assets: 24,
    steps: 4000,
    stepMs: 30_000,
  },
  {
    name: 'a row at every sample',
    windows: { windowMs: 300_000, strideMs: 30_000 },
    assets: 24,
    steps: 4000,
    stepMs: 30_000,
  },
  {
    name: '100 Hz',
    windows: { windowMs: 10_000, strideMs: 1000 },
    assets: 4,
    steps: 20_000,
    stepMs: 10,
  },
  {
    name: '100 Hz out of order',
    windows: { windowMs: 10_000, strideMs: 1000 },
    assets: 4,
    steps: 20_000,
    stepMs: 10,
    lateMs: 1000,
  },
  {
    name: '1,000 assets',
    windows: { windowMs: 300_000, strideMs: 300_000 },
    assets: 1000,
    steps: 100,
    stepMs: 30_000,
  },
  {
    name: 'by count',
    windows: { windowSamples: 100, strideSamples: 10 },
    assets: 24,
    steps: 4000,
    stepMs: 1000,
  },
  {
    name: 'psi to bar',
    windows: { windowMs: 300_000, strideMs: 300_000 },
    assets: 24,
    steps: 4000,
    stepMs: 30_000,
    unit: 'psi',
  },
  {
    name: 'shapes',
    windows: { windowMs: 10_000, strideMs: 1000 },
    assets: 4,
    steps: 20_000,
    stepMs: 10,
    features: { statistics: ['rms', 'kurtosis', 'crest', 'sinceChange'] },
  },
  {
    name: 'bands',
    windows: { windowMs: 10_000, strideMs: 1000 },
    assets: 4,
    steps: 20_000,
    stepMs: 10,
    features: {
      statistics: [],
      bands: [
        { fromHz: 1, toHz: 10 },
        { fromHz: 10, toHz: 20 },
        { fromHz: 20, toHz: 50 },
      ],
      sampleMs: 10,
    },
  },
  {
    name: 'upstream',
    windows: { windowMs: 300_000, strideMs: 60_000 },
    assets: 24,
    steps: 4000,
    stepMs: 30_000,
    upstream: true,
  },
  {
    name: 'upstream left out',
    windows: { windowMs: 300_000, strideMs: 60_000 },
    assets: 24,
    steps: 4000,
    stepMs: 30_000,
  },
];

export const rowsBenchmark: Benchmark = {
  name: 'rows',
  summary: 'samples of five channels to feature rows, one core, processor time',
  cases: CASES.map((each) => ({
    name: each.name,
    summary: `${each.assets} assets, ${JSON.stringify(each.windows)}`,
    optIn: false,
  })),
  setup: async () => 'nothing to install',
  async open(context) {
    return {
      facts: {},
      async run(name) {
        const found = CASES.find((each) => each.name === name);
        if (found === undefined) throw new RangeError(`There is no case '${name}'`);
        return [measureRows(found, context)];
      },
    };
  },
};
