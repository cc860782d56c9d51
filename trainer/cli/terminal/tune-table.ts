// The result of a search as a table for people.
import pc from 'picocolors';
import type { Scored } from '../../tune/evaluation.ts';
import type { SearchResult } from '../../tune/search.ts';
import type { Trial } from '../../tune/trial.ts';
import { DEFAULT_TRIAL } from '../../tune/trial.ts';

/** Enough to see what the best have in common. */
const SHOWN = 10;

/** Columns of text, the first to the left and the others to the right. */
function align(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) => row.map((cell, column) => cell.padStart(widths[column])).join('  '));
}

/** Lines of text: the best trials with their parameters, best first. */
export function tuneTable(trials: readonly Trial[], result: SearchResult): string[] {
  const { ranked, pruned, failed } = result;
  const names = Object.keys(Object.assign({}, ...trials.map(({ parameters }) => parameters)));
  const shown: readonly Scored[] = ranked.filter(
    ({ trial }, rank) => rank < SHOWN || trial === DEFAULT_TRIAL,
  );
  const rows = shown.map(({ trial, accuracy, loss }) => [
    String(trial),
    (100 * accuracy).toFixed(2),
    loss.toFixed(3),
    ...names.map((name) => String(trials[trial].parameters[name] ?? '·')),
  ]);
  const [header, ...lines] = align([['trial', 'valid. %', 'loss', ...names], ...rows]);
  const full = `${ranked.length} ran to the end, ${pruned} were pruned, ${failed} failed`;
  return [
    pc.bold(`${trials.length} trials: ${full}`),
    pc.dim(`  ${header}`),
    ...lines.map((line, rank) => (rank === 0 ? pc.green(`  ${line}`) : `  ${line}`)),
    ...(shown.some(({ trial }) => trial === DEFAULT_TRIAL)
      ? [pc.dim(`  trial ${DEFAULT_TRIAL} is the run without tuning`)]
      : []),
  ];
}
