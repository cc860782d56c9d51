export {
  type PlantGraph,
  type PlantGraphOptions,
  plantGraph,
  plantTopology,
} from './plant-graph.ts';
export { plantShifts } from './plant-shifts.ts';
