export { FAULTS, type FaultPlan, type SkewPlan, type SpellPlan } from './faults/index.ts';
export { SHAPES, type Shape } from './messages.ts';
export type { Pace } from './pacer.ts';
export { type Progress, type SimulationResult, simulate } from './simulate.ts';
export * from './sources/index.ts';
