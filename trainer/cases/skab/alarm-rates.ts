// Alarms against the truth, row by row, as anomaly benchmarks count them.

export interface AlarmRates {
  /** Harmonic mean of precision and recall of the alarm, 0..1; 0 without any hit. */
  readonly f1: number;
  /** False alarms among rows without an anomaly, percent. */
  readonly falseAlarmRate: number;
  /** Anomalous rows without an alarm, percent. */
  readonly missedAlarmRate: number;
  readonly rows: number;
}

/** @param isAnomaly, isAlarm One entry per row, 0 or 1. */
export function alarmRates(isAnomaly: ArrayLike<number>, isAlarm: ArrayLike<number>): AlarmRates {
  const rows = isAnomaly.length;
  let hits = 0;
  let falseAlarms = 0;
  let anomalies = 0;
  for (let row = 0; row < rows; row++) {
    anomalies += isAnomaly[row];
    if (isAlarm[row] === 0) continue;
    if (isAnomaly[row] === 1) hits++;
    else falseAlarms++;
  }
  const missed = anomalies - hits;
  const calm = rows - anomalies;
  return {
    f1: hits === 0 ? 0 : (2 * hits) / (2 * hits + falseAlarms + missed),
    falseAlarmRate: calm === 0 ? 0 : (100 * falseAlarms) / calm,
    missedAlarmRate: anomalies === 0 ? 0 : (100 * missed) / anomalies,
    rows,
  };
}
