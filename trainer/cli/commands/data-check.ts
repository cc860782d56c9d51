// `dandan data check`: what a data folder holds and what is wrong with it.
import { Command } from 'commander';
import { checkData } from '../../data/check-data.ts';
import { GRAPH_READERS } from '../../data/read-graph.ts';
import { checkHistory } from '../../history/check/index.ts';
import { isProject } from '../../history/project/index.ts';
import { EXIT } from '../exit-code.ts';
import { withInterrupt } from '../interrupt.ts';
import { createOutput } from '../output.ts';
import { createShareView } from '../terminal/share-view.ts';

/** Every layout the readers know. */
const LAYOUTS = [
  ...GRAPH_READERS.map(({ title }) => title),
  'a folder with plant.yaml, the history of a plant',
].join('; or ');

interface CheckFlags {
  readonly json: boolean;
  /** `false` for --no-page. */
  readonly page?: string | false;
}

async function checkPath(path: string, { page }: CheckFlags, signal: AbortSignal) {
  if (!(await isProject(path))) return checkData({ path, signal });
  using view = createShareView();
  return await checkHistory({ path, page, signal, onProgress: view.show });
}

async function check(path: string, flags: CheckFlags): Promise<void> {
  const output = createOutput(flags.json);
  const report = await withInterrupt((signal) => checkPath(path, flags, signal));
  for (const line of report.lines) output.line(line);
  const { lines: _, ...figures } = report;
  output.result(figures);
  if (!report.ok) process.exitCode = EXIT.failure;
}

export function dataCommand(): Command {
  const command = new Command('data').description('Look at data before training on it.');
  command
    .command('check')
    .description(
      'Report what a graph or the history of a plant holds, what is wrong with it by file and line, and what may be learnt from it.',
    )
    .argument('<path>', LAYOUTS)
    .option('--page <file>', 'page with plots of a history (default: check.html beside plant.yaml)')
    .option('--no-page', 'without the page')
    .option('--json', 'one JSON object as the last line of stdout', false)
    .action(check);
  return command;
}
