// The report of a table: one HTML file that needs nothing else, and Markdown with its
// charts as SVG files.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { TABLE_DEFINITIONS, type TableName } from '../reproduce/tables.ts';
import { type InferenceTimes, readInferenceTimes } from '../reproduce/time-inference.ts';
import { readResults } from '../reproduce/write-results.ts';
import { writeFileAtomic } from '../run/write-file-atomic.ts';
import { ablationSection } from './ablation-section.ts';
import { accuracySection } from './accuracy-section.ts';
import { collectResults, type Results } from './collect.ts';
import { costSection } from './cost-section.ts';
import { differenceSection } from './difference-section.ts';
import type { Block, Report } from './document.ts';
import { exitsSection } from './exits-section.ts';
import { inferenceSection } from './inference-section.ts';
import { inputsSection } from './inputs-section.ts';
import { robustnessJson, robustnessSection } from './robustness-section.ts';
import { sensitivitySection } from './sensitivity-section.ts';
import { standaloneSvg } from './svg.ts';
import { labelsSection, noiseSection } from './sweep-section.ts';
import { toHtml } from './to-html.ts';
import { toMarkdown } from './to-markdown.ts';
import { listed, seedText, setName } from './words.ts';

/** Folder of the charts, beside the Markdown file. */
const CHARTS = 'charts';

type Section = (results: Results, times: readonly InferenceTimes[]) => Block[];

const SECTIONS: Readonly<Record<TableName, Section>> = {
  table2: (results) => [...accuracySection(results), ...differenceSection(results)],
  fig3: costSection,
  fig5: ablationSection,
  fig6: sensitivitySection,
  table4: inferenceSection,
  noise: noiseSection,
  labels: labelsSection,
  inputs: inputsSection,
  exits: exitsSection,
  robustness: robustnessSection,
};

const PROTOCOLS: Readonly<Record<string, string>> = {
  calibrated:
    'random 20/30 split (20 nodes per class train, 30 validate; of the rest 20 %, at least 1,000 and at most 3,000 nodes, are kept to prove thresholds on and the others are tested; drawn anew for every seed)',
  random:
    'random 20/30 split (20 nodes per class train, 30 validate, the whole rest is tested; drawn anew for every seed)',
  public: 'the split that the data came with',
};

const CLASS_SHARES: Readonly<Record<string, string>> = {
  labelled: 'as among the labelled nodes',
  estimated:
    'estimated from the nodes without a label, as labels are drawn evenly by class and nodes are not; every method, the teacher and the plain MLP too, answers under such an estimate',
};

function summaryOf(results: Results): string {
  const sets = listed(results.sets.map(({ set }) => setName(set)));
  const splits = listed(results.splits.map((split) => PROTOCOLS[split]));
  const chosen = 'Hyper-parameters and early stopping were chosen on validation nodes only.';
  const shares = results.classPriors.map((prior) => CLASS_SHARES[prior]).join('; ');
  return `${sets}; ${splits}; ${seedText(results.seeds)}. ${chosen} Class shares: ${shares}.`;
}

export function createReport(
  table: TableName,
  results: Results,
  times: readonly InferenceTimes[] = [],
): Report {
  const { sets, commands, codeVersions } = results;
  return {
    title: TABLE_DEFINITIONS[table].title,
    summary: summaryOf(results),
    blocks: SECTIONS[table](results, times),
    provenance: [
      ...commands,
      `Code ${listed(codeVersions)}; ${seedText(results.seeds)}.`,
      ...sets.map(
        ({ set, nodes, edges, features, classes, data }) =>
          `${setName(set)}: ${nodes} nodes, ${edges} edges, ${features} features, ${classes.length} classes; SHA-256 of the graph ${data.slice(0, 16)}….`,
      ),
      'Hyper-parameters stand in the first line of each .jsonl file beside this report, one result per line after it.',
    ],
  };
}

/**
 * Writes `report.html`, `report.md` and the charts into the folder of a table's results, from
 * all result files there.
 *
 * @returns the paths of the two reports; `undefined` when there are no results.
 * @throws {InputError} `output-unwritable`.
 */
export async function writeReport(
  table: TableName,
  dir: string,
): Promise<{ html: string; markdown: string } | undefined> {
  const files = await readResults(dir);
  if (files.length === 0) return undefined;
  const results = collectResults(files);
  const report = createReport(table, results, await readInferenceTimes(dir));
  if (table === 'robustness') {
    const numbers = JSON.stringify(robustnessJson(results), null, 2);
    await writeFileAtomic(join(dir, 'summary.json'), `${numbers}\n`);
  }
  const charts = report.blocks.flatMap((block) => (block.kind === 'charts' ? block.charts : []));
  // Charts of sets that are no longer there must not stay beside those that are.
  await rm(join(dir, CHARTS), { recursive: true, force: true });
  for (const chart of charts) {
    await writeFileAtomic(join(dir, CHARTS, `${chart.id}.svg`), standaloneSvg(chart));
  }
  const [html, markdown] = [join(dir, 'report.html'), join(dir, 'report.md')];
  await writeFileAtomic(html, toHtml(report));
  await writeFileAtomic(markdown, toMarkdown(report, CHARTS));
  return { html, markdown };
}
