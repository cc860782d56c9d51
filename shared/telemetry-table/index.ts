export { type Cell, isMissing, readName, readNumber } from './cell.ts';
export type { ChannelUnits } from './channel-units.ts';
export type { ChannelUse, ColumnUse } from './column-use.ts';
export { decodeLines } from './decode-lines.ts';
export type { ColumnSummary, FileSummary } from './file-summary.ts';
export { declaredDelimiter, findDelimiter } from './find-delimiter.ts';
export { historySchema, tableSourcesSchema } from './history-schema.ts';
export { GAP_STEPS, typicalStep } from './label-list.ts';
export {
  CHANNEL_NAME,
  CHANNEL_WORDS,
  checkTableLayout,
  type DateOrder,
  DEFAULT_LAYOUT,
  type Encoding,
  MAX_COLUMNS,
  type TableLayout,
  TIME_UNITS,
  type TimeUnit,
  tableLayoutFields,
} from './layout.ts';
export { mergeSeries, type ReadingPlace } from './merge-series.ts';
export { MAX_PROBLEMS_A_FILE, type ReportProblem, type TableProblem } from './problem.ts';
export {
  type ReadTablesOptions,
  readTables,
  type TableSource,
  type TablesRead,
} from './read-tables.ts';
export { splitFields } from './split-fields.ts';
export type { Placeholders } from './table-columns.ts';
export type { RowGroup, StoreEntry, TableStore, TypedTable } from './table-store.ts';
export {
  type ChannelFound,
  HISTORY_SETS,
  type HistorySet,
  type LabelInterval,
  type Run,
  type Series,
  type Telemetry,
} from './telemetry.ts';
export { createLocalClock, createStream, type LocalClock } from './time/local-clock.ts';
export { createTimeReader, type TimeReader } from './time/time-reader.ts';
