export { type CheckDataOptions, checkData, type DataReport } from './check-data.ts';
export type { Issue } from './issues.ts';
export { type LoadDataOptions, type LoadedData, loadData, PLANT } from './load-data.ts';
export {
  type GraphFolder,
  type ReadCounts,
  type ReadGraphFolderOptions,
  readGraphFolder,
} from './read-graph-folder.ts';
