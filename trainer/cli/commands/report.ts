// `dandan report`: the page of a run, for managers and engineers, in English and Japanese.
import { Command, Option } from 'commander';
import { reportFigures } from '../../report/run/report-figures.ts';
import { LANGUAGES, type Language } from '../../report/run/say.ts';
import { withInterrupt } from '../interrupt.ts';
import { createOutput } from '../output.ts';
import { reportRun } from '../report-run.ts';

interface ReportFlags {
  run: string;
  data?: string;
  out?: string;
  lang: Language;
  normal?: string;
  licence?: string;
  json: boolean;
}

async function report(flags: ReportFlags): Promise<void> {
  const output = createOutput(flags.json);
  const { lang: language, json: _, ...options } = flags;
  await withInterrupt(async (signal) => {
    const { facts, out } = await reportRun({ ...options, language, signal });
    output.line(out);
    output.result({ report: out, ...reportFigures(facts) });
  });
}

export function reportCommand(): Command {
  return new Command('report')
    .description(
      'Write the page of a training run: what it finds, costs, promises, where it fails.',
    )
    .requiredOption('--run <folder>', 'folder that train wrote')
    .option('--out <file>', 'default: report.html in that folder')
    .addOption(
      new Option('--lang <language>', 'shown first; the page holds both')
        .choices(LANGUAGES)
        .default('en'),
    )
    .option('--data <path>', 'default: where train read it')
    .option(
      '--normal <class>',
      'class in which nothing is wrong; default: that of plant.yaml, or found by its name',
    )
    .option('--licence <text>', 'licence of the model, for its card')
    .option('--json', 'one JSON object as the last line of stdout', false)
    .action((flags: ReportFlags) => report(flags));
}
