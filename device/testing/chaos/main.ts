// The long chaos run: node device/testing/chaos/main.ts --faults 500 --samples 100000 --seed 1
import { parseArgs } from 'node:util';
import type { Fault } from './faults.ts';
import { runChaos } from './run-chaos.ts';

const { values } = parseArgs({
  options: {
    faults: { type: 'string', default: '500' },
    samples: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    kind: { type: 'string', multiple: true },
  },
});

const report = await runChaos({
  faults: Number(values.faults),
  samples: Number(values.samples),
  seed: Number(values.seed),
  ...(values.kind && { kinds: values.kind as Fault[] }),
  onFault: (count, fault) => process.stderr.write(`\r${count} ${fault}`.padEnd(40)),
});
process.stderr.write('\n');
process.stdout.write(`${JSON.stringify(report)}\n`);
