// Rows of a site to its summary: the only step that sees rows, and it runs where they lie.
import { type Bundle, sha256Hex } from '@dandan/shared/bundle';
import { createCascade, exitStages, traceCascade } from '@dandan/shared/cascade';
import { InputError } from '@dandan/shared/error';
import type { QuantisedRows } from '@dandan/shared/kernel';
import { countExits } from '../certify/count-exits.ts';
import { GRID_VERSION, THRESHOLDS } from './grids.ts';
import { MIN_LABELLED_ROWS, MIN_SITE_ROWS } from './limits.ts';
import { type PlainSummary, SUMMARY_SCHEMA, type SummaryContent } from './summary.ts';
import { temperatureSums } from './temperature-sums.ts';
import { withhold } from './withhold.ts';

export interface LabelledRows {
  readonly rows: QuantisedRows;
  /** int32 [rows.count], positions in the bundle's classes. */
  readonly labels: Int32Array;
}

export interface SiteRows {
  readonly bundle: Bundle;
  /** Rows that nothing was learnt or chosen on; their labels are not asked for. */
  readonly calibration: QuantisedRows;
  /** For temperatures. @default {none} */
  readonly labelled?: LabelledRows | undefined;
}

export interface SummariseSiteOptions extends SiteRows {
  readonly site: string;
  /** The bundle's file. */
  readonly bytes: Uint8Array;
}

function refuseFew(rows: number): never {
  throw new InputError('data-invalid', 'The site has too few calibration rows to sum up', {
    field: '--data',
    value: rows,
    allowed: `at least ${MIN_SITE_ROWS}: sums over fewer say too much of each`,
  });
}

/**
 * The site's numbers, with nothing withheld: for masks, under which nobody sees them.
 *
 * @throws {InputError} `data-invalid` below {@linkcode MIN_SITE_ROWS} rows.
 */
export function siteContent({ bundle, calibration, labelled }: SiteRows): SummaryContent {
  if (calibration.count < MIN_SITE_ROWS) refuseFew(calibration.count);
  const cascade = createCascade(bundle);
  const trace = traceCascade(cascade, calibration);
  const classes = bundle.manifest.classes.length;
  const early = trace.classes.length - 1;
  const thresholds = THRESHOLDS.map((threshold) => {
    const each = Array<number>(early).fill(threshold);
    const { disagreements, perClass } = countExits(trace, each, classes);
    const stops = Array<number>(early + 1).fill(0);
    for (const stage of exitStages(trace, each)) stops[stage]++;
    return { disagreements, perClass: perClass.map((own) => own.disagreements), stops };
  });
  const rowsPerClass = Array<number>(classes).fill(0);
  for (const own of trace.classes[early]) rowsPerClass[own]++;
  const enough = labelled !== undefined && labelled.rows.count >= MIN_LABELLED_ROWS;
  return {
    rows: calibration.count,
    rowsPerClass,
    thresholds,
    temperatures: enough
      ? { rows: labelled.rows.count, nll: temperatureSums({ cascade, ...labelled }) }
      : null,
  };
}

/**
 * Sums up a site's rows for one bundle. Classes with few rows are withheld; see `withhold`.
 *
 * @throws {InputError} `data-invalid` below {@linkcode MIN_SITE_ROWS} rows; `rows-*` where the rows
 * do not fit the bundle.
 */
export async function summariseSite(options: SummariseSiteOptions): Promise<PlainSummary> {
  return {
    kind: 'dandan-site-summary',
    schema: SUMMARY_SCHEMA,
    grid: GRID_VERSION,
    site: options.site,
    bundle: await sha256Hex(options.bytes),
    form: 'plain',
    content: withhold(siteContent(options)),
  };
}
