// `npm run bench -- nightly`: a million rows through the edge's nightly job, its price, and its kills.
import type { BenchContext, Benchmark, CaseFigures } from '../benchmark.ts';
import { measureKills, measureProfile } from './nightly-cases.ts';

interface NightlyCase {
  readonly name: string;
  readonly summary: string;
  readonly optIn: boolean;
  run(context: BenchContext): Promise<CaseFigures[]>;
}

const KILLS = 20;

const CASES: readonly NightlyCase[] = [
  {
    name: '1m-rows',
    summary: 'time, CPU and price of a million rows of 64 features, chunks of the paid plan',
    optIn: false,
    run: (context) => measureProfile(context, 'paid'),
  },
  {
    name: '1m-rows free',
    summary: 'the same in chunks that keep within 10 ms of CPU',
    optIn: true,
    run: (context) => measureProfile(context, 'free'),
  },
  {
    name: `killed ${KILLS} times`,
    summary: 'the same job with the whole edge killed at random moments: identical files?',
    optIn: true,
    run: (context) => measureKills(context, KILLS),
  },
];

export const nightlyBenchmark: Benchmark = {
  name: 'nightly',
  summary: "the edge's nightly job on a local Workers runtime",
  cases: CASES,
  setup: async () => 'nothing to install',
  async open(context) {
    return {
      facts: {},
      async run(name) {
        const found = CASES.find((each) => each.name === name);
        if (found === undefined) throw new RangeError(`There is no case '${name}'`);
        return found.run(context);
      },
    };
  },
};
