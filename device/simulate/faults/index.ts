export { FAULTS, type FaultKind, type SentSample, type TimedMessage, type Truth } from './fault.ts';
export { createInjector, type Injector } from './injector.ts';
export type { FaultPlan, SkewPlan, SpellPlan } from './plan.ts';
