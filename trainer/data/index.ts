export { type CheckDataOptions, checkData, type DataReport } from './check-data.ts';
export {
  type GraphFolder,
  type ReadCounts,
  type ReadGraphFolderOptions,
  readGraphFolder,
} from './graph-folder/read-graph-folder.ts';
export type { Issue } from './issues.ts';
export { type LoadDataOptions, type LoadedData, loadData, PLANT } from './load-data.ts';
