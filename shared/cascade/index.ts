export { type BatchExit, type BatchExitOptions, batchExit } from './batch-exit.ts';
export { exitLimits, exitStages } from './exit-stages.ts';
export {
  type CascadeOptions,
  type CascadeResult,
  runCascade,
  STOP_REASONS,
  type StopReason,
} from './run-cascade.ts';
export { stageProbabilities } from './stage-probabilities.ts';
export { type CascadeStepper, createStepper, type RunningAnswer } from './stepper.ts';
export { type CascadeTrace, traceCascade } from './trace-cascade.ts';
