// What the fields of a telemetry spec say together, beyond what each may say alone.
import type { UpstreamSpec } from './asset-specs.ts';
import type { ChannelSpec, Statistic } from './channel-spec.ts';

/** 8,192 samples are a second at 8 kHz or a shift at 0.3 Hz; their spectrum takes some 2 ms. */
export const MAX_BAND_SAMPLES = 8192;

/** Of all channels of a row: some 10 ms of a gateway's time. */
export const MAX_ROW_BAND_SAMPLES = 4 * MAX_BAND_SAMPLES;

/**
 * Rows of which one reading is part: an hour by the minute has 60. What an asset says is kept for
 * that many rows, and for as many of each asset that it feeds.
 */
export const MAX_UPSTREAM_OVERLAP = 100;

export interface SpecFields {
  readonly channels: readonly ChannelSpec[];
  readonly statistics: readonly Statistic[];
  readonly windowMs?: number | undefined;
  readonly strideMs?: number | undefined;
  readonly windowSamples?: number | undefined;
  readonly strideSamples?: number | undefined;
  readonly upstream?: UpstreamSpec | undefined;
}

type Issue = (path: (string | number)[], message: string) => void;

/** Either both lengths in time or both in samples. */
export function checkWindows(spec: SpecFields, issue: Issue): void {
  const { windowMs, strideMs, windowSamples, strideSamples } = spec;
  const byTime = windowMs !== undefined || strideMs !== undefined;
  const byCount = windowSamples !== undefined || strideSamples !== undefined;
  if (byTime === byCount) {
    issue(['windowMs'], 'either windowMs and strideMs or windowSamples and strideSamples');
  } else if (byTime) {
    if (windowMs === undefined) issue(['windowMs'], 'stands beside strideMs');
    else if (strideMs === undefined) issue(['strideMs'], 'stands beside windowMs');
    else if (strideMs > windowMs) issue(['strideMs'], 'strideMs must not exceed windowMs');
  } else if (windowSamples === undefined) {
    issue(['windowSamples'], 'stands beside strideSamples');
  } else if (strideSamples === undefined) {
    issue(['strideSamples'], 'stands beside windowSamples');
  } else if (strideSamples > windowSamples) {
    issue(['strideSamples'], 'strideSamples must not exceed windowSamples');
  }
}

/** A band must be wide enough to be told apart in a window, and windows small enough to be taken apart. */
export function checkBands({ channels, windowMs, windowSamples }: SpecFields, issue: Issue): void {
  let total = 0;
  channels.forEach(({ bands, sampleMs }, i) => {
    if (bands === undefined || sampleMs === undefined) return;
    const lengthMs = windowMs ?? (windowSamples ?? 0) * sampleMs;
    const samples = lengthMs / sampleMs;
    total += samples;
    if (samples > MAX_BAND_SAMPLES) {
      issue(
        ['channels', i, 'sampleMs'],
        `a window of ${Math.floor(samples)} samples has no bands: at most ${MAX_BAND_SAMPLES}`,
      );
    }
    bands.forEach(({ fromHz, toHz }, j) => {
      if ((toHz - fromHz) * lengthMs < 2000) {
        issue(
          ['channels', i, 'bands', j, 'toHz'],
          `a window of ${lengthMs} ms tells bands of ${2000 / lengthMs} Hz or wider apart`,
        );
      }
    });
  });
  if (total > MAX_ROW_BAND_SAMPLES) {
    issue(['channels'], `windows of channels with bands exceed ${MAX_ROW_BAND_SAMPLES} samples`);
  }
}

/** Differences are of columns that the row has, and of windows that end at the same times. */
export function checkUpstream(spec: SpecFields, issue: Issue): void {
  const { channels, statistics, windowMs, strideMs, upstream } = spec;
  if (upstream === undefined) return;
  if (windowMs === undefined || strideMs === undefined) {
    issue(['upstream'], 'windows by count end at times of their own: use windowMs and strideMs');
  } else if (windowMs > MAX_UPSTREAM_OVERLAP * strideMs) {
    issue(['strideMs'], `with upstream at least windowMs / ${MAX_UPSTREAM_OVERLAP}`);
  }
  upstream.columns.forEach(({ channel, statistic }, i) => {
    const own = channels.find(({ name }) => name === channel);
    if (own === undefined) {
      issue(['upstream', 'columns', i, 'channel'], `there is no channel '${channel}'`);
    } else if (!(own.statistics ?? statistics).includes(statistic)) {
      issue(
        ['upstream', 'columns', i, 'statistic'],
        `must be one of '${channel}': ${(own.statistics ?? statistics).join(', ')}`,
      );
    }
  });
}
