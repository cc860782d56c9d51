// The report for people: one line per case, its notes below.
import type { Benchmark, CaseFigures } from './benchmark.ts';

const number = (value: number | null) =>
  value === null ? '–' : value.toLocaleString('en', { maximumSignificantDigits: 4 });

/** Lines of columns, each as wide as its widest cell; the first is aligned left. */
function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0].map((_, c) => Math.max(...rows.map((row) => row[c].length)));
  return rows.map((row) =>
    row
      .map((cell, c) => (c === 0 ? cell.padEnd(widths[c]) : cell.padStart(widths[c])))
      .join('  ')
      .trimEnd(),
  );
}

/** A table of all cases; `peer ÷ ours` above 1 means that ours is better, rates aside. */
export function figuresTable(cases: readonly CaseFigures[]): string[] {
  const peers = [...new Set(cases.flatMap((figures) => Object.keys(figures.peers)))];
  const head = ['case', 'unit', 'ours', ...peers.flatMap((peer) => [peer, `${peer} ÷ ours`])];
  const body = cases.map((figures) => [
    figures.name,
    figures.unit,
    number(figures.ours),
    ...peers.flatMap((peer) => [
      number(figures.peers[peer] ?? null),
      number(figures.ratios[peer] ?? null),
    ]),
  ]);
  const notes = cases.flatMap(({ name, notes }) => notes.map((note) => `${name}: ${note}`));
  return [...columns([head, ...body]), '', ...notes];
}

/** What there is to run. */
export function listLines(benchmarks: readonly Benchmark[]): string[] {
  return benchmarks.flatMap(({ name, summary, cases }) => {
    const width = Math.max(...cases.map((entry) => entry.name.length));
    const lines = cases.map((entry) => {
      const when = entry.optIn ? ' (only with --only)' : '';
      return `  ${entry.name.padEnd(width)}  ${entry.summary}${when}`;
    });
    return [`${name}: ${summary}`, ...lines];
  });
}
