// `dandan reproduce tep|skab|plant`: a worked case from its files to its report, in as many
// sittings as it takes.
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '@dandan/shared/error';
import { Command, InvalidArgumentError } from 'commander';
import {
  type CaseName,
  type CaseSummary,
  type LabelCount,
  runCase,
  summariseCells,
  WORKED_CASES,
  type WorkedCase,
  writeCaseReport,
} from '../../cases/index.ts';
import { withInterrupt } from '../interrupt.ts';
import { seedsOption } from '../list-option.ts';
import { createOutput } from '../output.ts';
import { createProgressView } from '../terminal/progress-view.ts';

interface CaseFlags {
  readonly data?: string;
  readonly labels?: readonly LabelCount[];
  readonly seeds: readonly number[];
  readonly work: string;
  readonly out: string;
  readonly fresh: boolean;
  readonly json: boolean;
}

/** Where the real data lie unless `--data` says otherwise. */
const DATA = process.env.DANDAN_DATA ?? join('..', 'shared', 'data');

const MAX_LABELS = 100_000;

/** `5,10,all`. */
function labelsOption(value: string): LabelCount[] {
  const counts = value.split(',').map((part): LabelCount => {
    if (part.trim() === 'all') return 'all';
    const count = Number(part);
    if (Number.isInteger(count) && count >= 1 && count <= MAX_LABELS) return count;
    throw new InvalidArgumentError(
      `Give whole numbers from 1 to ${MAX_LABELS}, or all, with commas between.`,
    );
  });
  return [...new Set(counts)];
}

async function folderOf({ name, data }: WorkedCase, flags: CaseFlags): Promise<string> {
  if (data === undefined) return '';
  const folder = flags.data ?? join(DATA, data);
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory()) return folder;
  throw new InputError('data-missing', `The data of ${name} are not there`, {
    field: flags.data === undefined ? 'DANDAN_DATA' : '--data',
    value: folder,
    allowed: `--data with the folder that holds data.csv.gz, or DANDAN_DATA with the one that holds ${data}`,
  });
}

function summaryLine({ labels, ...summary }: CaseSummary): string {
  const share = (value: number) => `${value.toFixed(1)} %`;
  const of = `supervised ${share(summary.supervised)}, GLNN ${share(summary.glnn)}`;
  return `${labels} labels per class: ${of}, teacher ${share(summary.teacher)}, cascade ${share(summary.output)} (${summary.seeds} seeds)`;
}

/** The folder is the user's own. */
function commandText(name: CaseName, labels: readonly LabelCount[], seeds: readonly number[]) {
  const data = WORKED_CASES[name].data === undefined ? '' : ' --data DIR';
  return `dandan reproduce ${name}${data} --labels ${labels.join(',')} --seeds ${seeds.join(',')}`;
}

async function run(name: CaseName, flags: CaseFlags): Promise<void> {
  const worked = WORKED_CASES[name];
  const { seeds, work, out, fresh, json, labels = worked.labels } = flags;
  const output = createOutput(json);
  const started = performance.now();
  const folder = await folderOf(worked, flags);
  const total = labels.length * seeds.length;
  let done = 0;
  const cells = await withInterrupt(async (signal) => {
    const open = await worked.open({ folder, signal });
    return runCase({
      ...{ worked, open, labels, seeds, fresh, signal },
      dir: join(work, 'cases'),
      progressOf: () => createProgressView(),
      onCell({ labels: count, seed, figures }, run) {
        const { mlp, glnn, teacher, output: cascade } = figures;
        output.line(
          `[${++done}/${total}] ${count} labels, seed ${seed}: supervised ${mlp} %, GLNN ${glnn} %, teacher ${teacher} %, cascade ${cascade} %  ${run}`,
        );
      },
    });
  }, 'Stopped. Finished cells are kept; run the same command to go on.');
  const summaries = summariseCells(cells);
  for (const summary of summaries) output.line(summaryLine(summary));
  const command = commandText(name, labels, seeds);
  const report = await writeCaseReport(join(out, name), { worked, cells, command });
  output.line(`Report: ${report}`);
  const [{ labels: _, ...first }] = summaries;
  output.result({
    case: name,
    ...first,
    labels: labels.length === 1 ? labels[0] : labels,
    byLabels: summaries,
    report,
    seconds: Math.round((performance.now() - started) / 100) / 10,
  });
}

export function reproduceCaseCommand(name: CaseName): Command {
  const { title, data, labels } = WORKED_CASES[name];
  const command = new Command(name).description(title);
  if (data !== undefined) {
    command.option('--data <dir>', `folder with data.csv.gz; default: ${data} in DANDAN_DATA`);
  }
  return command
    .option(
      '--labels <counts>',
      `labels per class, or all; default: ${labels.join(',')}`,
      labelsOption,
    )
    .option('--seeds <list>', 'as 10, 1-10 or 1,4,7; default: 10', seedsOption, seedsOption('10'))
    .option('--work <dir>', 'finished cells, with bundles', join('out', 'reproduce'))
    .option('--out <dir>', 'report, by case', join('bench', 'results'))
    .option('--fresh', 'compute cells again that are there', false)
    .option('--json', 'one JSON object as the last line of stdout', false)
    .action((flags: CaseFlags) => run(name, flags));
}
