// `npm run bench -- gateway`: the gateway as it is shipped, on one core, before a real broker.
import type { Benchmark } from '../benchmark.ts';
import { measureStart, measureTraffic } from './cases.ts';

const CASES = [
  {
    name: 'pipeline',
    summary:
      'samples/s at full speed; latency and memory at 15,000 samples/s; beside a bare mqtt.js echo',
    optIn: false,
    run: measureTraffic,
  },
  {
    name: 'first-prediction',
    summary: 'from the start of the process to predictions of messages that waited',
    optIn: false,
    run: measureStart,
  },
] as const;

export const gatewayBenchmark: Benchmark = {
  name: 'gateway',
  summary: 'telemetry to predictions through mosquitto, on one core',
  cases: CASES,
  setup: async () => 'nothing to install; needs mosquitto',
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
