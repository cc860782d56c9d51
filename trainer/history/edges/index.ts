export {
  EDGE_KINDS,
  type EdgeKind,
  type HistoryEdges,
  type HistoryEdgesOptions,
  historyEdges,
} from './history-edges.ts';
export { type PlaceEdgesOptions, placeEdges } from './place-edges.ts';
export { timeLags } from './time-edges.ts';
