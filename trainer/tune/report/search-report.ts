// The report of a search: one HTML file that needs nothing beside it.
import type { SearchResult } from '../search.ts';
import type { Space } from '../space.ts';
import type { Trial } from '../trial.ts';
import type { TuneFigures } from '../tune-files.ts';
import { element, escapeText } from './markup.ts';
import { parameterPlots, trialsPlot } from './plots.ts';
import { pointsOf } from './points.ts';
import { STYLE } from './style.ts';

export interface SearchReportOptions {
  /** Name of the data. */
  readonly data: string;
  readonly space: Space;
  readonly trials: readonly Trial[];
  readonly result: SearchResult;
  readonly figures: TuneFigures;
}

const cells = (name: 'td' | 'th', values: readonly string[]) =>
  element('tr', {}, ...values.map((value) => element(name, {}, escapeText(value))));

/** Every trial, best first, then those stopped early by number. */
function trialTable({ space, trials, result }: SearchReportOptions): string {
  const names = Object.keys(space);
  const { ranked, last } = result;
  const full = ranked.map(({ trial }) => trial);
  const rest = trials.map(({ number }) => number).filter((trial) => !full.includes(trial));
  const rows = [...full, ...rest].map((trial) => {
    const evaluation = last[trial];
    const { runs, parameters } = trials[trial];
    const scored = evaluation.state === 'scored';
    return [
      String(trial),
      scored ? (100 * evaluation.accuracy).toFixed(2) : evaluation.code,
      scored ? evaluation.loss.toFixed(3) : '',
      `${evaluation.stages} / ${runs[0].widths.length}`,
      ...names.map((name) => String(parameters[name] ?? '·')),
    ];
  });
  const header = ['trial', 'validation, %', 'loss', 'students', ...names];
  return element(
    'table',
    {},
    element('thead', {}, cells('th', header)),
    element('tbody', {}, ...rows.map((row) => cells('td', row))),
  );
}

function summary({ figures, data }: SearchReportOptions): string {
  const { best, untuned, trials, pruned, failed } = figures;
  const gain = untuned ? best.validation - untuned.validation : undefined;
  const against =
    untuned === undefined || gain === undefined
      ? ''
      : ` Without tuning it is ${untuned.validation.toFixed(2)} %: ${gain.toFixed(2)} points less.`;
  const text = `Trial ${best.trial} is best on ${data}: ${best.validation.toFixed(2)} % of the validation nodes are right with the running output of ${best.stages} students.${against}`;
  const counts = `${trials} trials, of which ${pruned} were stopped early and ${failed} failed. Test nodes took no part in the choice. The best of many trials looks better on the validation nodes than it is: judge it on the test nodes.`;
  return element('p', { class: 'lead' }, escapeText(text)) + element('p', {}, escapeText(counts));
}

export function searchReport(options: SearchReportOptions): string {
  const { space, trials, result, data } = options;
  const points = pointsOf(trials, result);
  const title = `Search on ${data}`;
  const body = [
    element('h1', {}, escapeText(title)),
    summary(options),
    element('h2', {}, 'By trial'),
    element(
      'figure',
      {},
      trialsPlot(points),
      element(
        'figcaption',
        {},
        'The line is the best trial so far with all its students. An arrow at the lower edge stands for an accuracy below it. Trials stopped early show what they had then.',
      ),
    ),
    element('h2', {}, 'By parameter'),
    element('div', { class: 'panels' }, ...parameterPlots(points, space)),
    element('p', { class: 'note' }, 'Short lines are medians of a value.'),
    element('h2', {}, 'All trials'),
    element('div', { class: 'scroll' }, trialTable(options)),
  ];
  const head = [
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    element('title', {}, escapeText(title)),
    element('style', {}, STYLE),
  ];
  return `<!doctype html>\n<html lang="en"><head>${head.join('')}</head><body><main>${body.join('\n')}</main></body></html>\n`;
}
