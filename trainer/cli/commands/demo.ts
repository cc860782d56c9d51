// `dandan demo`: the whole chain on this machine, with embedded defaults.
import { Command } from 'commander';
import { runDemo } from '../../demo/run-demo.ts';
import { withInterrupt } from '../interrupt.ts';
import { numberOption } from '../number-option.ts';
import { createOutput } from '../output.ts';

interface DemoFlags {
  once: boolean;
  seed: number;
  hours: number;
  rate: number;
  json: boolean;
}

const HOUR_MS = 3_600_000;

async function demo(flags: DemoFlags): Promise<void> {
  const output = createOutput(flags.json);
  const figures = await withInterrupt(
    (signal) =>
      runDemo({
        seed: flags.seed,
        once: flags.once,
        dayMs: flags.hours * HOUR_MS,
        samplesPerSecond: flags.rate,
        signal,
        line: (text) => output.line(text),
      }),
    'Stopped. Nothing is left running.',
  );
  const { gateway, edge } = figures.byTier;
  output.line(
    `${figures.samples} samples at ${figures.samplesPerSecond} a second; ${gateway} rows answered at the gateway, ${edge} at the edge; accuracy ${figures.accuracy} %; ${figures.lost} lost, ${figures.duplicated} duplicated; ${figures.seconds} s in all.`,
  );
  output.result(figures);
}

export function demoCommand(): Command {
  const whole = (minimum: number, maximum: number) =>
    numberOption({ minimum, maximum, whole: true });
  return new Command('demo')
    .description('Train on the embedded plant, start edge, broker and gateway here, replay a day.')
    .option('--once', 'stop after one day instead of going on until Ctrl-C', false)
    .option('--seed <S>', 'seed of plant and training', whole(0, 2 ** 31 - 1), 1)
    .option('--hours <n>', 'length of the replayed day', whole(1, 24), 12)
    .option('--rate <n>', 'samples a second at most', whole(1, 1_000_000), 20_000)
    .option('--json', 'one JSON object as the last line of stdout', false)
    .action((flags: DemoFlags) => demo(flags));
}
