// `dandan federate combine`: thresholds or temperatures from the counts of many sites.
import { sha256Hex } from '@dandan/shared/bundle';
import { InputError } from '@dandan/shared/error';
import { Command, Option } from 'commander';
import { certifySites, GUARANTEES, type Guarantee } from '../../../federate/certify-sites.ts';
import { type CombinedSites, combineSites } from '../../../federate/combine-sites.ts';
import { fitTemperatures } from '../../../federate/fit-temperatures.ts';
import { readRoster } from '../../../federate/masks/roster-file.ts';
import { poolContents } from '../../../federate/pooled.ts';
import { readSummary } from '../../../federate/read-summary.ts';
import { siteCertificates } from '../../../federate/site-certificates.ts';
import { writeCertified, writeTemperatures } from '../../../federate/write-federated.ts';
import { writeFileAtomic } from '../../../run/write-file-atomic.ts';
import { createOutput, type Output } from '../../output.ts';
import { certificationText } from '../../terminal/certification-text.ts';
import { siteTable } from '../../terminal/site-table.ts';
import { declarePromiseFlags, type PromiseFlags, promisesOf } from '../promise-flags.ts';
import { type OpenedBundle, openBundle } from './open-bundle.ts';

const FITS = ['thresholds', 'temperatures'] as const;

interface CombineFlags extends PromiseFlags {
  bundle: string;
  summary: string[];
  fit: (typeof FITS)[number];
  guarantee: Guarantee;
  roster?: string;
  out?: string;
  json: boolean;
}

interface Combined extends OpenedBundle, CombinedSites {
  readonly sites: readonly string[];
}

interface Step {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly figures: Readonly<Record<string, unknown>>;
}

const MEANING: Readonly<Record<Guarantee, string>> = {
  mixture:
    'The promise is for rows of all sites mixed as their calibration rows are, each site by its own number of them. It says nothing of a site that sent no summary, and of one site alone only what its line says.',
  'every-site':
    'The promise is for each of these sites by itself. It says nothing of another site.',
};

async function thresholds(flags: CombineFlags, combined: Combined, output: Output): Promise<Step> {
  const { bundle, contents, masked, sites } = combined;
  const { guarantee, delta } = flags;
  if (masked && guarantee === 'every-site') {
    throw new InputError('option-invalid', 'Masked counts are known in their sum only', {
      field: '--guarantee',
      value: guarantee,
      allowed: 'mixture, or summaries that are not masked',
    });
  }
  let upTo = 0;
  const macsUpTo = bundle.manifest.stages.map(({ macs }) => (upTo += macs));
  const given = { contents, promises: promisesOf(flags), delta, macsUpTo };
  const certification = certifySites({ ...given, guarantee });
  const perSite = masked ? [] : siteCertificates(given, sites, certification);
  output.line(certificationText(certification));
  output.line(MEANING[guarantee]);
  for (const line of siteTable(perSite)) output.line(line);
  const pooled = poolContents(contents);
  const note = { sites, rows: pooled.rows, guarantee };
  const { bytes } = await writeCertified(bundle, pooled, certification, note);
  const { certified, n, needed, thresholds: found, counts } = certification;
  return {
    bytes,
    figures: {
      certified,
      guarantee,
      delta,
      promises: given.promises,
      n,
      needed: Number.isFinite(needed) ? needed : null,
      thresholds: found,
      calibration: counts ?? null,
      perSite,
    },
  };
}

async function temperatures(combined: Combined, output: Output): Promise<Step> {
  const { bundle, contents } = combined;
  const pooled = poolContents(contents).temperatures;
  if (pooled === null) {
    throw new InputError('data-invalid', 'No site has enough labelled rows for temperatures', {
      field: '--summary',
      value: combined.sites.join(', '),
      allowed: 'at least one site with 50 labelled rows',
    });
  }
  const fitted = fitTemperatures(pooled.nll);
  const shown = fitted.map((t, k) => `stage ${k + 1} ${t.toFixed(3)}`).join(', ');
  output.line(`Temperatures from ${pooled.rows} labelled rows: ${shown}.`);
  output.line(
    'Confidences are others now, so no threshold is certified: summarise and combine once more with this bundle.',
  );
  const { bytes } = await writeTemperatures(bundle, fitted);
  return { bytes, figures: { temperatures: fitted, labelled: pooled.rows } };
}

async function combine(flags: CombineFlags): Promise<void> {
  const output = createOutput(flags.json);
  const opened = await openBundle(flags.bundle);
  const summaries = [];
  for (const file of flags.summary) summaries.push(await readSummary(file));
  const roster = flags.roster === undefined ? undefined : await readRoster(flags.roster);
  const sites = summaries.map(({ site }) => site);
  const bundle = await sha256Hex(opened.bytes);
  const pooled = await combineSites({ summaries, bundle, shape: opened.shape, roster });
  const combined = { ...opened, ...pooled, sites };
  const { bytes, figures } = await (flags.fit === 'thresholds'
    ? thresholds(flags, combined, output)
    : temperatures(combined, output));
  const common = { sites, masked: pooled.masked, ...figures };
  if (flags.out === undefined) {
    output.line('Nothing was written: --out FILE keeps a bundle with these.');
    return output.result(common);
  }
  await writeFileAtomic(flags.out, bytes);
  output.line(`${flags.out}  ${bytes.byteLength} bytes`);
  output.result({ ...common, bundle: await sha256Hex(bytes) });
}

export function combineCommand(): Command {
  const command = new Command('combine')
    .description('Certify thresholds, or fit temperatures, from the summaries of many sites.')
    .requiredOption('--bundle <file>', 'bundle that the summaries are of')
    .requiredOption('--summary <file...>', 'one file of each site')
    .addOption(
      new Option(
        '--fit <what>',
        'temperatures come first, where sites have labels: thresholds depend on them',
      )
        .choices(FITS)
        .default('thresholds'),
    )
    .addOption(
      new Option('--guarantee <kind>', 'of all rows of the sites mixed, or of each site by itself')
        .choices(GUARANTEES)
        .default('mixture'),
    )
    .option('--roster <file>', 'of masked summaries');
  return declarePromiseFlags(command)
    .option('--out <file>', 'write the bundle')
    .option('--json', 'one JSON object as the last line of stdout', false)
    .action((flags: CombineFlags) => combine(flags));
}
