export { type CheckDataOptions, checkData, type DataReport } from './check-data.ts';
export type { GraphReader, LayoutName, ReadCounts, ReadGraph } from './graph-reader.ts';
export type { Issue } from './issues.ts';
export { type LoadDataOptions, type LoadedData, loadData, PLANT } from './load-data.ts';
export { type ReadAnyGraph, type ReadAnyGraphOptions, readGraph } from './read-graph.ts';
