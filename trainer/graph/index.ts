export { type BuiltAdjacency, buildAdjacency, type EdgeList } from './build-adjacency.ts';
export type { Adjacency, GraphData, NodeFeatures, Split } from './graph-data.ts';
export { hashGraph } from './hash-graph.ts';
export { type RandomSplitOptions, randomSplit } from './split.ts';
export { type GraphStatistics, graphStatistics } from './statistics.ts';
