// raw/node-feat.csv: one row of numbers per node.
import { MAX_FEATURES } from '@dandan/shared/features';
import type { NodeFeatures } from '../../graph/graph-data.ts';
import { type IssueCollector, reportLine } from '../issues.ts';
import { MAX_DENSE_VALUES } from '../limits.ts';
import type { FoundTable } from '../text/find-table.ts';
import { readNumberRows } from '../text/read-number-rows.ts';

export interface OgbFeatures {
  readonly features: NodeFeatures;
  /** Rows read. */
  readonly rows: number;
}

/** Reads rows; an empty field or `nan` is missing. Rows beyond `nodeCount` are only counted. */
export async function readOgbFeatures(options: {
  readonly table: FoundTable;
  readonly nodeCount: number;
  readonly issues: IssueCollector;
  readonly signal?: AbortSignal | undefined;
}): Promise<OgbFeatures> {
  const { table, nodeCount, issues, signal } = options;
  let values = new Float32Array(0);
  let width = 1;
  let rows = 0;

  function onRow(row: Float64Array, line: number): void {
    const node = rows++;
    if (node >= nodeCount) return;
    if (node === 0) {
      width = row.length;
      values = new Float32Array(nodeCount * width);
    }
    const begin = node * width;
    values.set(row, begin);
    for (let j = 0; j < width; j++) {
      // A float64 beyond float32 becomes infinite.
      if (Math.abs(values[begin + j]) !== Number.POSITIVE_INFINITY) continue;
      values[begin + j] = Number.NaN;
      reportLine(issues, table.name, line, {
        column: `${j + 1}`,
        message: 'the number is too large',
        value: `${row[j]}`,
        allowed: 'a finite float32',
      });
    }
  }

  const maxColumns = Math.min(MAX_FEATURES, Math.floor(MAX_DENSE_VALUES / nodeCount));
  await readNumberRows({ ...table, maxColumns, issues, signal, onRow });
  if (values.length === 0) values = new Float32Array(nodeCount);
  return { features: { kind: 'dense', rows: { count: nodeCount, width, values } }, rows };
}
