// raw/node-label.csv: one class number per node.
import { type IssueCollector, reportLine } from '../issues.ts';
import { createLabelTexts } from '../label-texts.ts';
import type { FoundTable } from '../text/find-table.ts';
import { readNumberRows } from '../text/read-number-rows.ts';

export interface OgbLabels {
  /** int32 [nodes]: index into `labelTexts`, −1 where unknown. */
  readonly labels: Int32Array;
  readonly labelTexts: readonly string[];
  /** Rows read. */
  readonly rows: number;
}

/** Reads class numbers; an empty field, `nan` and −1 are unknown. */
export async function readOgbLabels(options: {
  readonly table: FoundTable;
  readonly nodeCount: number;
  readonly issues: IssueCollector;
  readonly signal?: AbortSignal | undefined;
}): Promise<OgbLabels> {
  const { table, nodeCount, issues, signal } = options;
  const labels = new Int32Array(nodeCount).fill(-1);
  const texts = createLabelTexts();
  let rows = 0;

  function onRow(values: Float64Array, line: number): void {
    const node = rows++;
    const value = values[0];
    if (node >= nodeCount || Number.isNaN(value)) return;
    if (values.length > 1 || !Number.isInteger(value) || value < -1) {
      // Several columns are several tasks, as in ogbn-proteins: there is no one class.
      reportLine(issues, table.name, line, {
        column: 'label',
        message: 'not one class number',
        value: Array.from(values.subarray(0, 8)).join(','),
        allowed: 'one whole number a line, or empty, nan or -1 where unknown',
      });
      return;
    }
    const read = texts.read(`${value}`, '');
    if (read.kind === 'refused') reportLine(issues, table.name, line, read.problem);
    else labels[node] = read.label;
  }

  await readNumberRows({ ...table, maxColumns: 1024, issues, signal, onRow });
  return { labels, labelTexts: texts.texts, rows };
}
