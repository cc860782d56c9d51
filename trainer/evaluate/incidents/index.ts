export { type Alarm, findAlarms, type Verdict } from './alarm.ts';
export { findIncidents, type Incident } from './incident.ts';
export {
  type AlarmJudgement,
  DAY_MS,
  type JudgedAlarm,
  type JudgedIncident,
  type JudgeOptions,
  judgeAlarms,
} from './judge-alarms.ts';
export { normalClass } from './normal-class.ts';
export { DEFAULT_SETTLE, type Settle, settledClasses } from './settle.ts';
export { unbrokenShare, usualStep, type Watch, type WatchOptions, watchesOf } from './watch.ts';
export { type WindowRates, windowRates } from './window-rates.ts';
