// Readings as CSV, wide: one line a time, one column a channel.
import type { LocalTimes } from './local-time.ts';
import type { PumpHistory, PumpReading } from './pump-line.ts';

/** A thousandth of a degree is less than any sensor of the example tells. */
const DECIMALS = 3;

const cells = ({ values }: PumpReading) =>
  values.map((value) => value?.toFixed(DECIMALS) ?? '').join(',');

/** The table of one asset. */
export function tableOf(asset: string, history: PumpHistory, times: LocalTimes): string {
  const lines = history.readings
    .filter((reading) => reading.asset === asset)
    .map((reading) => `${times.iso(reading.time)},${cells(reading)}\n`);
  return `time,${history.channels.join(',')}\n${lines.join('')}`;
}

/** All assets in one table, as `dandan-gateway simulate --csv` plays it. */
export function tableOfAll(history: PumpHistory, times: LocalTimes): string {
  const lines = history.readings.map(
    (reading) => `${times.iso(reading.time)},${reading.asset},${cells(reading)}\n`,
  );
  return `time,asset,${history.channels.join(',')}\n${lines.join('')}`;
}
