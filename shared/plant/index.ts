export { CHANNELS, PLANT_SPEC, SAMPLE_MS } from './channels.ts';
export { LABEL_SEVERITY, NORMAL, PLANT_CLASSES } from './faults.ts';
export {
  createPlant,
  type Plant,
  type PlantOptions,
  type SimulateOptions,
  type Simulation,
} from './plant.ts';
export { HISTORY_START, plantRows } from './plant-rows.ts';
