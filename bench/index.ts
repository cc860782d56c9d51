// `npm run bench -- NAME`: runs one benchmark and prints its figures beside its peers'.
import { EXIT } from '../trainer/cli/exit-code.ts';
import { withInterrupt } from '../trainer/cli/interrupt.ts';
import { createOutput } from '../trainer/cli/output.ts';
import { reportError } from '../trainer/cli/report-error.ts';
import { type BenchCommand, parseCommand } from './arguments.ts';
import type { BenchContext, Benchmark, CaseFigures } from './benchmark.ts';
import { edgeBenchmark } from './edge/index.ts';
import { gatewayBenchmark } from './gateway/index.ts';
import { inferBenchmark } from './infer/index.ts';
import { busyWarning, describeMachine } from './machine.ts';
import { nightlyBenchmark } from './nightly/index.ts';
import { rowsBenchmark } from './rows/index.ts';
import { figuresTable, listLines } from './table.ts';
import { trainBenchmark } from './train/index.ts';

const BENCHMARKS: readonly Benchmark[] = [
  trainBenchmark,
  inferBenchmark,
  edgeBenchmark,
  nightlyBenchmark,
  gatewayBenchmark,
  rowsBenchmark,
];

const HELP = `npm run bench -- NAME [options]   measure NAME beside its peers, as ratios
npm run bench -- setup            install the peers (once; runs do it themselves)

  --only CASE        one case; may be repeated
  --repetitions N    how often each side runs; the median counts
  --no-peers         measure ours alone
  --json             one JSON object as the last line of stdout
  --list             what there is to run
`;

type RunCommand = Extract<BenchCommand, { readonly kind: 'run' }>;

function createContext(signal: AbortSignal, command?: RunCommand): BenchContext {
  return {
    signal,
    line: (text) => process.stderr.write(`${text}\n`),
    repetitions: command?.repetitions,
    withPeers: command?.withPeers ?? true,
  };
}

async function measure(command: RunCommand, signal: AbortSignal): Promise<number> {
  const output = createOutput(command.json);
  const context = createContext(signal, command);
  const machine = await describeMachine();
  const warning = busyWarning(machine);
  if (warning !== undefined) context.line(warning);
  const open = await command.benchmark.open(context);
  const cases: CaseFigures[] = [];
  for (const name of command.cases) cases.push(...(await open.run(name)));
  const { cpu, cores, memoryGb, node, commit } = machine;
  output.line(`${cpu}, ${cores} cores, ${memoryGb} GB; Node ${node}; ${commit ?? 'no commit'}`);
  for (const line of figuresTable(cases)) output.line(line);
  output.result({
    bench: command.benchmark.name,
    machine: { ...machine, ...open.facts },
    ...(warning !== undefined && { warning }),
    cases,
  });
  return cases.some(({ failed }) => failed) ? EXIT.failure : EXIT.ok;
}

async function setup(json: boolean, signal: AbortSignal): Promise<number> {
  const output = createOutput(json);
  const context = createContext(signal);
  const results: Record<string, string> = {};
  for (const benchmark of BENCHMARKS) {
    results[benchmark.name] = await benchmark.setup(context);
    output.line(`${benchmark.name}: ${results[benchmark.name]}`);
  }
  output.result({ setup: results });
  return EXIT.ok;
}

async function main(words: readonly string[]): Promise<number> {
  try {
    const command = parseCommand(words, BENCHMARKS);
    if (command.kind === 'help') process.stdout.write(HELP);
    else if (command.kind === 'list') process.stdout.write(`${listLines(BENCHMARKS).join('\n')}\n`);
    else if (command.kind === 'setup') {
      return await withInterrupt((signal) => setup(command.json, signal));
    } else return await withInterrupt((signal) => measure(command, signal));
    return EXIT.ok;
  } catch (error) {
    return reportError(error, words.includes('--json'));
  }
}

process.exitCode = await main(process.argv.slice(2));
