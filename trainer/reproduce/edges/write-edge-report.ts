// The measurements in a folder: a page for people, and every figure.
import { join } from 'node:path';
import { writeFileAtomic } from '../../run/write-file-atomic.ts';
import { edgeTable } from './edge-table.ts';
import type { EdgeMeasurement } from './measure-edges.ts';

export interface WriteEdgeReportOptions {
  readonly measured: readonly EdgeMeasurement[];
  readonly dir: string;
  /** How to get them again. */
  readonly command: string;
}

/**
 * @returns the page, in Markdown: a table for each network.
 * @throws {InputError} `output-unwritable`.
 */
export async function writeEdgeReport(options: WriteEdgeReportOptions): Promise<string> {
  const { measured, dir, command } = options;
  const tables = [...Map.groupBy(measured, ({ network }) => network)].flatMap(([network, own]) => [
    `## Teacher ${network.toUpperCase()}`,
    '',
    ...edgeTable(own),
    '',
  ]);
  const page = ['# Value of each kind of edge', '', `\`${command}\``, '', ...tables].join('\n');
  await writeFileAtomic(join(dir, 'report.md'), page);
  await writeFileAtomic(join(dir, 'results.json'), `${JSON.stringify(measured, null, 1)}\n`);
  return page;
}
