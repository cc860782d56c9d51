// What a Sparkplug source counts, for metrics.

export interface SparkplugCounters {
  births: number;
  deaths: number;
  /** Deaths of a session that is over, and what the broker kept of one that a live one replaced. */
  ignored: number;
  /** Messages that were lost before one that came, told by `seq`. */
  gaps: number;
  /** Messages with the `seq` of the one before. */
  repeats: number;
  rebirthRequests: number;
  /** Values of metrics that no birth named, or named otherwise. */
  unknownMetrics: number;
  nullValues: number;
  /** Values that their sender calls bad or stale. */
  badValues: number;
  /** Text, data sets, templates and such, and values that nobody asked for. */
  skippedValues: number;
}

export const createCounters = (): SparkplugCounters => ({
  births: 0,
  deaths: 0,
  ignored: 0,
  gaps: 0,
  repeats: 0,
  rebirthRequests: 0,
  unknownMetrics: 0,
  nullValues: 0,
  badValues: 0,
  skippedValues: 0,
});
