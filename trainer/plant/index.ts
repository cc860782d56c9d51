export {
  type PlantGraph,
  type PlantGraphOptions,
  plantGraph,
  plantTopology,
} from './plant-graph.ts';
