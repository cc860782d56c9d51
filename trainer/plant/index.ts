export { CHANNELS, PLANT_SPEC, SAMPLE_MS } from './channels.ts';
export { LABEL_SEVERITY, PLANT_CLASSES } from './faults.ts';
export {
  createPlant,
  type Plant,
  type PlantOptions,
  type SimulateOptions,
  type Simulation,
} from './plant.ts';
export {
  HISTORY_START,
  type PlantGraph,
  type PlantGraphOptions,
  plantGraph,
  plantRows,
} from './plant-graph.ts';
