// `dandan data check`: what a data folder holds and what is wrong with it.
import { Command } from 'commander';
import { checkData } from '../../data/check-data.ts';
import { GRAPH_READERS } from '../../data/read-graph.ts';
import { EXIT } from '../exit-code.ts';
import { withInterrupt } from '../interrupt.ts';
import { createOutput } from '../output.ts';

/** Every layout the readers know. */
const LAYOUTS = GRAPH_READERS.map(({ title }) => title).join('; or ');

async function check(path: string, flags: { json: boolean }): Promise<void> {
  const output = createOutput(flags.json);
  const report = await withInterrupt((signal) => checkData({ path, signal }));
  for (const line of report.lines) output.line(line);
  const { lines: _, ...figures } = report;
  output.result(figures);
  if (!report.ok) process.exitCode = EXIT.failure;
}

export function dataCommand(): Command {
  const command = new Command('data').description('Look at data before training on it.');
  command
    .command('check')
    .description('Report what a graph holds, what is wrong with it and whether its edges may help.')
    .argument('<path>', LAYOUTS)
    .option('--json', 'one JSON object as the last line of stdout', false)
    .action(check);
  return command;
}
