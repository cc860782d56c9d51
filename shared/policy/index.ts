export { isTimeZone, wallClock } from '../time-zone/index.ts';
export type { ScheduleState } from './day-plan.ts';
export { type DecideOptions, type Decision, decide, nextChange, scheduleOf } from './decide.ts';
export { describePolicy, diffPolicies } from './describe.ts';
export { policyDocumentSchema } from './document.ts';
export {
  LOAD_MEASURES,
  type LoadMeasure,
  MAX_EXCEPTIONS,
  MAX_RULES,
  MAX_STEPS,
  POLICY_SCHEMA,
  type PolicyDocument,
  WEEKDAYS,
} from './document-fields.ts';
export { POLICY_NAMES, type PolicyName, policyOf } from './policy.ts';
export type { Schedule, ScheduleSegment } from './schedule.ts';
export { type CostRules, ceilingMacs, costStep, nextCostStepAt, TERA } from './steps.ts';
