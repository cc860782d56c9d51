// One value of a message to one sample.
import { InputError } from '@dandan/shared/error';
import type { Sample } from '@dandan/shared/features';
import type { SourceMessage } from '../source.ts';
import type { SparkplugCounters } from './counters.ts';
import type { DecodedMetric, DecodedPayload } from './decode-payload.ts';
import { MAX_PROBLEMS_PER_MESSAGE, MAX_TIME_MS } from './limits.ts';
import type { MetricEntry } from './metric-table.ts';
import { DATA_TYPE, numericValue } from './metric-value.ts';

/** Specification 3.0, chapter 6; 0 is bad, 500 stale. */
const GOOD_QUALITY = 192;

/** A message that is being read, and what has come of it so far. */
export interface ReadingState {
  readonly message: SourceMessage;
  readonly payload: DecodedPayload;
  readonly samples: Sample[];
  readonly problems: InputError[];
  readonly counters: SparkplugCounters;
}

/** Notes a problem, unless the message has had its share. */
export function addProblem({ problems }: ReadingState, create: () => InputError): void {
  if (problems.length < MAX_PROBLEMS_PER_MESSAGE) problems.push(create());
}

function unusable(field: string, name: string, value: unknown, allowed: string): InputError {
  const message = `The ${field} of metric '${name}' is not usable`;
  return new InputError('payload-invalid', message, { field, value, allowed });
}

/** Time of a value: its own, else the payload's, else that of arrival; 0 is a clock not yet set. */
function timeOf(metric: DecodedMetric, { message, payload }: ReadingState): number | undefined {
  const stated = metric.timestamp || payload.timestamp;
  if (stated) return stated;
  // What the broker kept may be of any age.
  return message.retained ? undefined : message.receivedAt;
}

/** Adds the sample that `metric` gives as `entry` says, or counts why there is none. */
export function takeValue(
  metric: DecodedMetric,
  { name, dataType, target }: Pick<MetricEntry, 'name' | 'dataType' | 'target'>,
  asset: string | undefined,
  state: ReadingState,
): void {
  const { counters, message, samples } = state;
  if (target === undefined || asset === undefined) {
    counters.skippedValues++;
    return;
  }
  if (metric.isNull || metric.field === 0) {
    counters.nullValues++;
    return;
  }
  if (metric.quality !== undefined && metric.quality !== GOOD_QUALITY) {
    counters.badValues++;
    return;
  }
  const time = timeOf(metric, state);
  if (time === undefined) {
    counters.skippedValues++;
    return;
  }
  const type = dataType === DATA_TYPE.unknown ? (metric.dataType ?? dataType) : dataType;
  const value = numericValue(metric, type) * target.scale + target.offset;
  if (!Number.isFinite(value)) {
    const allowed = `a finite value of data type ${type}`;
    addProblem(state, () => unusable('value', name, value, allowed));
    return;
  }
  if (time > MAX_TIME_MS) {
    const allowed = `milliseconds since the epoch, 0..${MAX_TIME_MS}`;
    addProblem(state, () => unusable('timestamp', name, time, allowed));
    return;
  }
  const sample: { -readonly [K in keyof Sample]: Sample[K] } = {
    asset,
    channel: target.channel,
    time,
    value,
  };
  if (target.unit !== undefined) sample.unit = target.unit;
  if (metric.isHistorical || message.retained) sample.historical = true;
  samples.push(sample);
}
