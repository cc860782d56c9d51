// All tables of a plant's history, source by source, as one telemetry.
import { type ChannelUnits, createChannelUnits } from './channel-units.ts';
import { createCollector } from './collector.ts';
import { findDateOrder } from './date-order.ts';
import { createFileProblems } from './file-problems.ts';
import type { FileSummary } from './file-summary.ts';
import { type FoundTable, findTables } from './find-tables.ts';
import type { DateOrder, TableLayout } from './layout.ts';
import type { OpenTable, TableContext } from './open-table.ts';
import type { ReportProblem } from './problem.ts';
import { readText } from './read-text.ts';
import { readTyped } from './read-typed.ts';
import type { TableStore } from './table-store.ts';
import type { Telemetry } from './telemetry.ts';
import type { TextHeader } from './text-header.ts';
import { reportUnmet } from './unmet-columns.ts';

/** One kind of export: which files, and how they are written. */
export interface TableSource extends TableLayout {
  readonly files: string | readonly string[];
}

export interface ReadTablesOptions {
  readonly sources: readonly TableSource[];
  /** Of times without an offset. */
  readonly timeZone: string;
  /** Channels whose unit is set; '' sets none. @default {none} */
  readonly channels?: readonly { readonly name: string; readonly unit: string }[] | undefined;
  readonly store: TableStore;
  readonly report: ReportProblem;
  /** Share of the bytes that have been read, 0..1, and the file that is read. */
  readonly onProgress?: ((share: number, file: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface TablesRead {
  readonly telemetry: Telemetry;
  /** In the order they were read, which is that of the sources, then of the names. */
  readonly files: readonly FileSummary[];
  readonly units: ChannelUnits;
  /** By channel: readings that a later one of the same time replaced. */
  readonly replaced: ReadonlyMap<string, number>;
}

interface Listed extends FoundTable {
  readonly source: number;
}

interface Told {
  table: OpenTable | undefined;
  header: TextHeader | undefined;
  unitsLine: number | undefined;
}

/** What is told of a file of which nothing could be read. */
function nothingRead({ path: name, source, placeholders }: Listed) {
  return {
    name,
    source,
    placeholders,
    layout: undefined,
    columns: [],
    zoneAssumed: undefined,
    dateOrder: undefined,
    rows: 0,
    refusedRows: 0,
    readings: 0,
    firstTime: undefined,
    lastTime: undefined,
    outOfOrder: 0,
    secondTimes: 0,
    doubts: [],
  };
}

/**
 * Reads them all. What is wrong goes to `report`, by file, line and column; where that returns,
 * the cell, line or file is left out.
 *
 * @throws {InputError} `option-invalid` for patterns; what `report` throws; the signal's reason.
 */
export async function readTables(options: ReadTablesOptions): Promise<TablesRead> {
  const { sources, timeZone, channels = [], store, report, onProgress, signal } = options;
  const units = createChannelUnits(channels);
  const collector = createCollector();
  const orders = new Map<number, Promise<DateOrder | undefined>>();
  const listed = await listAll();
  const total = listed.reduce((sum, { bytes }) => sum + bytes, 0);
  const files: Omit<FileSummary, 'duplicates'>[] = [];
  const seen = sources.map(() => new Set<string>());
  let before = 0;

  async function listAll(): Promise<Listed[]> {
    const found: Listed[] = [];
    for (const [source, { files: given }] of sources.entries()) {
      const patterns = typeof given === 'string' ? [given] : given;
      const field = `telemetry.${source}.files`;
      const own = await findTables({ patterns, field, store, report, signal });
      for (const each of own) found.push({ ...each, source });
    }
    return found;
  }

  /** By the first file of the source that shows it, from the one that asks on. */
  async function scan(source: number, column: string): Promise<DateOrder | undefined> {
    const layout = sources[source];
    for (const each of listed) {
      if (each.source !== source || each.format !== 'csv') continue;
      const chunks = store.text(each.path, () => {});
      // A file that cannot be read is told of when its turn comes.
      const order = await findDateOrder({ chunks, name: each.path, layout, column }).catch(
        () => {},
      );
      if (order !== undefined) return order;
    }
    return undefined;
  }

  function findOrder(source: number, column: string): Promise<DateOrder | undefined> {
    let order = orders.get(source);
    if (order === undefined) {
      order = scan(source, column);
      orders.set(source, order);
    }
    return order;
  }

  async function readFile(each: Listed, context: TableContext, told: Told): Promise<void> {
    const { path, source, format, bytes } = each;
    const advance = (read: number) => {
      if (total > 0) onProgress?.(Math.min(1, (before + Math.min(read, bytes)) / total), path);
    };
    advance(0);
    if (format === 'csv') {
      let read = 0;
      const chunks = store.text(path, (more) => {
        read += more;
        advance(read);
      });
      const order = (column: string) => findOrder(source, column);
      await readText({ context, chunks, findOrder: order, signal, told });
      return;
    }
    const typed = await store.parquet(path);
    const onRows = (rows: number) => advance((bytes * rows) / Math.max(1, typed.rows));
    await readTyped({ context, typed, signal, onRows, told });
  }

  for (const [file, each] of listed.entries()) {
    signal?.throwIfAborted();
    const { path: name, source, placeholders, format } = each;
    const layout = withTab(sources[source], name);
    const unit = format === 'csv' ? 'line' : 'row';
    const problems = createFileProblems({ name, unit, report });
    const zone = layout.timeZone ?? timeZone;
    const own = { name, file, source, layout, placeholders, timeZone: zone };
    const told: Told = { table: undefined, header: undefined, unitsLine: undefined };
    const context = { ...own, units, collector, problems, seen: seen[source] };
    try {
      await readFile(each, context, told);
    } catch (error) {
      signal?.throwIfAborted();
      problems.tellError(error);
    }
    before += each.bytes;
    files.push({
      ...(told.table?.summary() ?? nothingRead(each)),
      format,
      delimiter: told.header?.delimiter,
      encoding: format === 'csv' ? layout.encoding : '',
      headerLine: told.header?.line ?? 0,
      unitsLine: told.unitsLine,
    });
    if (collector.isFull) break;
  }

  for (const [source, titles] of seen.entries()) {
    reportUnmet({ source, columns: sources[source].columns, titles, report });
  }
  const duplicates = new Uint32Array(files.length);
  const replaced = new Map<string, number>();
  const telemetry = collector.finish({
    channels: channels.map(({ name }) => name),
    unitOf: units.unitOf,
    replaced(file, channel) {
      duplicates[file]++;
      replaced.set(channel, (replaced.get(channel) ?? 0) + 1);
    },
  });
  onProgress?.(1, '');
  const withDuplicates = files.map((each, at) => ({ ...each, duplicates: duplicates[at] }));
  return { telemetry, files: withDuplicates, units, replaced };
}

function withTab(source: TableSource, name: string): TableLayout {
  const isTab = source.delimiter === undefined && /\.tsv(\.gz)?$/i.test(name);
  return isTab ? { ...source, delimiter: '\t' } : source;
}
