// `dandan reproduce TABLE`: a published table on the data at hand, in as many sittings
// as it takes.
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Argument, Command, Option } from 'commander';
import { CASE_NAMES } from '../../cases/index.ts';
import { PLANT, type SplitName } from '../../data/load-data.ts';
import { writeReport } from '../../report/write-report.ts';
import type { CellMethod } from '../../reproduce/cell.ts';
import { reproduce } from '../../reproduce/reproduce.ts';
import { splitOfTable, TABLE_DEFINITIONS, TABLES, type TableName } from '../../reproduce/tables.ts';
import { tableFolder } from '../../reproduce/write-results.ts';
import { SPLITS, TEACHER_CHOICES, type TeacherChoice } from '../../run/train-options.ts';
import { EXIT } from '../exit-code.ts';
import { withInterrupt } from '../interrupt.ts';
import { choicesOption, namesOption, seedsOption } from '../list-option.ts';
import { numberOption } from '../number-option.ts';
import { createOutput } from '../output.ts';
import { createCellView } from '../terminal/cell-view.ts';
import { reproduceCaseCommand } from './reproduce-case.ts';
import { EDGES, reproduceEdges } from './reproduce-edges.ts';

interface ReproduceFlags {
  data?: string[];
  sets?: string[];
  teachers?: TeacherChoice[];
  methods?: CellMethod[];
  setting?: ('tran' | 'ind')[];
  seeds: number[];
  split?: SplitName;
  workers: number;
  work: string;
  out: string;
  fresh: boolean;
  run: boolean;
  json: boolean;
}

const METHOD_NAMES = TABLE_DEFINITIONS.table2.methods;

/**
 * The part of the command that says which cells are asked for. The data are `DIR`: results are
 * kept in a repository, which is no place for the folders of one machine, and every file names
 * its set and the hash of its content.
 */
function commandText(table: TableName, flags: ReproduceFlags): string {
  const list = (name: string, values: readonly (string | number)[] | undefined) =>
    values === undefined ? [] : [name, values.join(',')];
  return [
    ...['dandan reproduce', table],
    ...(flags.data === undefined ? [] : ['--data', 'DIR']),
    ...list('--sets', flags.sets),
    ...list('--teachers', flags.teachers),
    ...list('--methods', flags.methods),
    ...list('--setting', flags.setting),
    ...list('--seeds', flags.seeds),
    // Of a table with a split of its own this is what was not asked.
    ...['--split', flags.split ?? TABLE_DEFINITIONS[table].usualSplit ?? 'random'],
  ].join(' ');
}

/** An interrupted run leaves a report of what it has done, too. */
async function runAndReport(table: TableName, flags: ReproduceFlags, signal: AbortSignal) {
  const { workers } = flags;
  try {
    using resources = new DisposableStack();
    const reproduced = await reproduce({
      ...flags,
      table,
      settings: flags.setting,
      command: commandText(table, flags),
      progress: (nodesOf) => resources.use(createCellView({ workers, nodesOf })),
      signal,
    });
    return { ...reproduced, report: await writeReport(table, reproduced.dir) };
  } catch (error) {
    if (signal.aborted)
      await writeReport(table, tableFolder(flags.out, table, splitOfTable(table, flags.split)));
    throw error;
  }
}

async function run(table: TableName | typeof EDGES, flags: ReproduceFlags): Promise<void> {
  if (table === EDGES) return reproduceEdges({ ...flags, data: flags.data ?? [PLANT] });
  const output = createOutput(flags.json);
  const started = performance.now();
  await withInterrupt(async (signal) => {
    const { places, failed, dir, report } = await runAndReport(table, flags, signal);
    output.line(`Results: ${dir}`);
    if (report) output.line(`Report:  ${report.html}`);
    if (failed.length > 0) process.exitCode = EXIT.failure;
    output.result({
      table,
      cells: places.length,
      failed: failed.map(({ cell, failure }) => ({
        set: cell.set,
        method: cell.method,
        seed: cell.options.seed,
        ...failure,
      })),
      results: dir,
      report,
      seconds: Math.round((performance.now() - started) / 100) / 10,
    });
  }, 'Stopped. Finished cells are kept; run the same command to go on.');
}

export function reproduceCommand(): Command {
  // The cases have options of the same names.
  const command = new Command('reproduce').enablePositionalOptions();
  for (const name of CASE_NAMES) command.addCommand(reproduceCaseCommand(name));
  return command
    .description('Run the protocol behind a published table or figure on the data at hand.')
    .addArgument(new Argument('<table>', 'which one').choices([...TABLES, EDGES]))
    .option(
      '--data <path...>',
      'graphs, or folders with graphs in sub-folders; default for robustness and edges: the embedded plant',
    )
    .option('--sets <names>', 'sets by folder name; default: all', namesOption)
    .option('--teachers <kinds>', "default: the table's", choicesOption(TEACHER_CHOICES))
    .option('--methods <names>', "default: the table's", choicesOption(METHOD_NAMES))
    .option(
      '--setting <kinds>',
      "tran(sductive), ind(uctive) or both; default: the table's",
      choicesOption(['tran', 'ind'] as const),
    )
    .addOption(
      new Option('--seeds <list>', '10 is 1 to 10; also 1-10 or 1,4,7')
        .argParser(seedsOption)
        .default(seedsOption('10'), '10'),
    )
    .addOption(
      new Option(
        '--split <kind>',
        '20 labelled and 30 validation nodes per class, or the own one; default: random, for robustness public',
      ).choices(SPLITS),
    )
    .option(
      '--workers <n>',
      'processes; each holds one graph in memory',
      numberOption({ minimum: 1, maximum: 64, whole: true }),
      availableParallelism(),
    )
    .option('--work <dir>', 'finished cells and teacher logits', join('out', 'reproduce'))
    .option('--out <dir>', 'result files and report, by table', join('bench', 'results'))
    .option('--no-run', 'only write results and report of the cells that are there')
    .option('--fresh', 'compute cells again that are there', false)
    .option('--json', 'one JSON object as the last line of stdout', false)
    .action(run);
}
