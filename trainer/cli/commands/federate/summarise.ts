// `dandan federate summarise`: counts of a site's rows, to be sent instead of the rows.
import { InputError } from '@dandan/shared/error';
import { Command, Option } from 'commander';
import { maskSummary } from '../../../federate/masks/mask-summary.ts';
import { readRoster } from '../../../federate/masks/roster-file.ts';
import { readSiteKey } from '../../../federate/masks/site-key-file.ts';
import { siteRows } from '../../../federate/site-rows.ts';
import { siteContent, summariseSite } from '../../../federate/summarise-site.ts';
import { type SiteSummary, siteNameSchema } from '../../../federate/summary.ts';
import { SPLITS } from '../../../run/train-options.ts';
import { writeFileAtomic } from '../../../run/write-file-atomic.ts';
import { withInterrupt } from '../../interrupt.ts';
import { openRunData } from '../../open-run-data.ts';
import { createOutput } from '../../output.ts';
import { textOption } from '../../text-option.ts';
import { openBundle } from './open-bundle.ts';

interface SummariseFlags {
  bundle: string;
  data: string;
  split?: (typeof SPLITS)[number];
  site: string;
  out: string;
  key?: string;
  roster?: string;
  json: boolean;
}

/** @throws {InputError} `option-invalid` when one of two options that belong together is missing. */
function checkMasks({ key, roster }: SummariseFlags): void {
  if ((key === undefined) === (roster === undefined)) return;
  throw new InputError('option-invalid', 'A masked summary needs both of its options', {
    field: key === undefined ? '--key' : '--roster',
    allowed: '--key FILE --roster FILE, or neither for counts that can be read',
  });
}

async function summarise(flags: SummariseFlags): Promise<void> {
  const output = createOutput(flags.json);
  checkMasks(flags);
  const { site, out, data, split: wanted } = flags;
  const { bytes, bundle, shape } = await openBundle(flags.bundle);
  await withInterrupt(async (signal) => {
    const { graph, split, same } = await openRunData({ bundle, data, split: wanted, signal });
    const rows = siteRows(bundle, graph, split);
    let summary: SiteSummary;
    if (flags.key !== undefined && flags.roster !== undefined) {
      const [key, roster] = [await readSiteKey(flags.key), await readRoster(flags.roster)];
      const content = siteContent(rows);
      summary = await maskSummary({ site, key, roster, bytes, shape, content });
    } else summary = await summariseSite({ ...rows, site, bytes });
    await writeFileAtomic(out, `${JSON.stringify(summary)}\n`);
    const { calibration, labelled } = rows;
    output.line(
      `${out}  counts of ${calibration.count} calibration rows and ${labelled?.rows.count ?? 0} labelled ones, ${summary.form}; no row leaves this machine.`,
    );
    if (same) {
      output.line('note: these are the data of the training run: its unlabelled nodes calibrate.');
    }
    output.result({
      site,
      form: summary.form,
      rows: calibration.count,
      labelled: labelled?.rows.count ?? 0,
      bundle: summary.bundle,
      out,
    });
  });
}

export function summariseCommand(): Command {
  return new Command('summarise')
    .description("Count what a bundle does on this site's rows; the counts hold no row.")
    .requiredOption('--bundle <file>', 'bundle that the sites have in common')
    .requiredOption('--data <path>', "the site's data, as train takes it")
    .requiredOption('--site <name>', 'name of the site', textOption(siteNameSchema))
    .requiredOption('--out <file>', 'the summary, e.g. site.json')
    .addOption(new Option('--split <kind>', 'default: as the bundle was trained').choices(SPLITS))
    .option('--key <file>', 'mask the counts with this key of the site (with --roster)')
    .option('--roster <file>', 'sites of the masked round, as `dandan federate roster` wrote it')
    .option('--json', 'one JSON object as the last line of stdout', false)
    .action((flags: SummariseFlags) => summarise(flags));
}
