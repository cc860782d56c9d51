// The node table: id, label, split and one numeric column per feature.
import type { NodeFeatures } from '../../graph/graph-data.ts';
import { type IssueCollector, type LineProblem, reportLine } from '../issues.ts';
import { createLabelTexts } from '../label-texts.ts';
import { MAX_DENSE_VALUES, MAX_NODE_ID_CHARACTERS, MAX_NODES } from '../limits.ts';
import { createFloat32List, createInt32List } from '../number-list.ts';
import { NO_SPLIT } from '../split-codes.ts';
import { parseNumberText } from '../text/parse-number.ts';
import { findNodeColumns } from './find-columns.ts';
import { createNodeIds, idText, type NodeIds } from './node-ids.ts';
import type { Cell, TableSource } from './table-source.ts';

export interface NodeTable {
  readonly ids: NodeIds;
  /** int32 [nodes]: index into `labelTexts`, −1 where unknown. */
  readonly labels: Int32Array;
  readonly labelTexts: readonly string[];
  readonly labelField: string;
  /** int32 [nodes]: codes of `split-codes.ts`. */
  readonly splits: Int32Array;
  readonly features: NodeFeatures;
  readonly notes: readonly string[];
}

const TRUTH: ReadonlyMap<string, number> = new Map([
  ['true', 1],
  ['false', 0],
]);

/** NaN where missing, `undefined` where it is no number. */
function featureOf(cell: Cell): number | undefined {
  if (cell === null || cell === undefined) return Number.NaN;
  if (typeof cell === 'string') {
    return TRUTH.get(cell.trim().toLowerCase()) ?? parseNumberText(cell);
  }
  // Dates and bytes arrive as objects: no numbers either.
  return typeof cell === 'object' ? undefined : Number(cell);
}

function idProblem(id: string, ids: NodeIds, column: string): LineProblem | undefined {
  const refuse = (message: string, allowed: string) => ({ column, message, value: id, allowed });
  if (id === '') return refuse('a node without id', 'a number or a text');
  if (id.length > MAX_NODE_ID_CHARACTERS) {
    return refuse('the node id is too long', `at most ${MAX_NODE_ID_CHARACTERS} characters`);
  }
  return ids.find(id) >= 0 ? refuse('a second row for the node', 'one row per node') : undefined;
}

/** Reads the table. A row without a usable id is reported and stays as a node nobody can name. */
export async function readNodes(options: {
  readonly source: TableSource;
  readonly issues: IssueCollector;
  readonly signal?: AbortSignal | undefined;
}): Promise<NodeTable> {
  const { source, issues, signal } = options;
  const { name, columns } = source;
  const found = findNodeColumns(source);
  const width = found.features.length;
  const most = Math.min(MAX_NODES, Math.floor(MAX_DENSE_VALUES / width));
  const ids = createNodeIds();
  const labelTexts = createLabelTexts({
    label: columns[found.label],
    split: columns[found.split] ?? 'split',
  });
  const labels = createInt32List();
  const splits = createInt32List();
  const values = createFloat32List(source.rows && Math.min(most, source.rows) * width);
  let nodeCount = 0;

  function report(line: number, problem: LineProblem): void {
    reportLine(issues, name, line, problem, source.unit);
  }

  function onId(cell: Cell, line: number): void {
    const id = idText(cell);
    const problem = idProblem(id, ids, columns[found.node]);
    if (problem !== undefined) report(line, problem);
    // A name no file can hold keeps the numbering of the rows.
    ids.add(problem === undefined ? id : `\0${line}`);
    nodeCount++;
  }

  function onLabel(row: number, label: string, line: number): void {
    const read = labelTexts.read(label, '');
    if (read.kind === 'refused') report(line, read.problem);
    labels.set(row, read.kind === 'read' ? read.label : -1);
    splits.set(row, NO_SPLIT);
  }

  /** Comes after the row's label. */
  function onSplit(row: number, split: string, line: number): void {
    const read = labelTexts.read(labelTexts.texts[labels.get(row)] ?? '', split);
    if (read.kind === 'refused') report(line, read.problem);
    else splits.set(row, read.split);
  }

  function onFeature(row: number, j: number, cell: Cell, line: number): void {
    const value = featureOf(cell);
    const float = Math.fround(value ?? Number.POSITIVE_INFINITY);
    const finite = Number.isFinite(float) || Number.isNaN(float);
    values.set(row * width + j, finite ? float : Number.NaN);
    if (finite) return;
    report(line, {
      column: columns[found.features[j]],
      message: 'not a number',
      value: String(cell),
      allowed: 'a finite float32, true or false, or empty where missing',
    });
  }

  const head = found.split < 0 ? [found.node, found.label] : [found.node, found.label, found.split];
  const onCell = (row: number, place: number, cell: Cell, line: number): void => {
    if (row >= most) return;
    if (place === 0) onId(cell, line);
    else if (place >= head.length) onFeature(row, place - head.length, cell, line);
    else if (place === 1) onLabel(row, idText(cell), line);
    else onSplit(row, idText(cell), line);
  };
  const positions = [...head, ...found.features];
  await source.read({ positions, onCell, issues, signal });
  if (nodeCount === 0 || nodeCount >= most) {
    issues.report({
      code: 'data-invalid',
      message: nodeCount === 0 ? `${name} holds no node` : `${name} holds too many nodes`,
      field: name,
      value: nodeCount === 0 ? 0 : `${most} or more`,
      allowed: `1..${most - 1} rows of ${width} features`,
    });
  }
  // A column that could not be read leaves the matrix short.
  if (values.length < nodeCount * width) values.set(nodeCount * width - 1, Number.NaN);
  return {
    ids,
    labels: labels.view(),
    labelTexts: labelTexts.texts,
    labelField: `${name}:${columns[found.label]}`,
    splits: splits.view(),
    features: {
      kind: 'dense',
      rows: { count: nodeCount, width, values: values.view() },
    },
    notes: found.notes,
  };
}
