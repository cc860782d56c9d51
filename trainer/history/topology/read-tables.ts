// Tables of a topology: what feeds what, and what kind of machine each is.
import type { IssueCollector } from '../../data/issues.ts';
import type { Notes } from '../notes.ts';
import {
  cellText,
  readSheet,
  type Sheet,
  type SheetColumn,
  type SheetRow,
} from '../sheet/read-sheet.ts';
import type { PlacedAsset, PlacedEdge } from './placed-edge.ts';

export interface ReadTableOptions {
  readonly folder: string;
  /** Relative to the folder. */
  readonly name: string;
  readonly issues: IssueCollector;
  readonly notes: Notes;
  readonly signal?: AbortSignal | undefined;
}

const EDGE_COLUMNS: readonly SheetColumn[] = [
  { key: 'from', titles: ['from', 'src', 'source', 'upstream'], isNeeded: true },
  { key: 'to', titles: ['to', 'dst', 'target', 'destination', 'downstream'], isNeeded: true },
  { key: 'kind', titles: ['kind', 'type', 'relation'] },
];

const ASSET_COLUMNS: readonly SheetColumn[] = [
  { key: 'asset', titles: ['asset', 'machine', 'name', 'node'], isNeeded: true },
  { key: 'kind', titles: ['kind', 'type'], isNeeded: true },
];

async function readTable(
  { notes, ...options }: ReadTableOptions,
  columns: readonly SheetColumn[],
): Promise<Sheet | undefined> {
  const sheet = await readSheet({ ...options, columns });
  if (sheet !== undefined && sheet.unread.length > 0) {
    const unread = sheet.unread.join(', ');
    notes.add('topology-columns', `${sheet.name}: columns that nobody reads: ${unread}.`);
  }
  return sheet;
}

/** The text of a cell that must not be empty; `undefined` where it is, which is reported. */
function needed(sheet: Sheet, row: SheetRow, key: string, issues: IssueCollector) {
  const text = cellText(row.cells[key]);
  if (text !== '') return text;
  issues.report({
    code: 'data-invalid',
    message: `${sheet.name} ${sheet.unit} ${row.line}: the machine is missing`,
    field: `${sheet.name}:${row.line}:${sheet.titles[key]}`,
    value: '',
    allowed: 'the name of a machine',
  });
  return undefined;
}

/** Columns `from`, `to` (or src, dst) and, if need be, `kind`. Broken lines are reported and left out. */
export async function readEdgeTable(options: ReadTableOptions): Promise<PlacedEdge[]> {
  const sheet = await readTable(options, EDGE_COLUMNS);
  return (sheet?.rows ?? []).flatMap((row) => {
    const from = needed(sheet!, row, 'from', options.issues);
    const to = needed(sheet!, row, 'to', options.issues);
    if (from === undefined || to === undefined) return [];
    return [{ from, to, kind: cellText(row.cells.kind), place: `${sheet!.name}:${row.line}` }];
  });
}

/** Columns `asset` and `kind`. Broken lines are reported and left out. */
export async function readAssetTable(options: ReadTableOptions): Promise<PlacedAsset[]> {
  const sheet = await readTable(options, ASSET_COLUMNS);
  return (sheet?.rows ?? []).flatMap((row) => {
    const name = needed(sheet!, row, 'asset', options.issues);
    if (name === undefined) return [];
    const kind = cellText(row.cells.kind);
    return [{ name, kind: kind === '' ? undefined : kind, place: `${sheet!.name}:${row.line}` }];
  });
}
