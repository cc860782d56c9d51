// How long a window is and how often one is due: long enough to hold readings, short enough to lie
// within an incident.
import type { LabelInterval } from '../label-interval.ts';
import type { Span } from '../spans.ts';
import type { ChannelProfile } from './channel-profile.ts';
import { durationText, roundDown, roundUp } from './duration.ts';

export interface ProposedWindow {
  readonly windowMs: number;
  readonly strideMs: number;
  /** Why, one sentence each. */
  readonly windowReason: string;
  readonly strideReason: string;
}

export interface ProposeWindowOptions {
  readonly profiles: readonly ChannelProfile[];
  /** Those of `profiles` that are waveforms. */
  readonly waveforms: readonly ChannelProfile[];
  readonly spans: readonly Span[];
  readonly intervals: readonly LabelInterval[];
  /** The class in which nothing is wrong: its intervals are as long as the days. */
  readonly normal: string;
  /** Where the project states the window: only the stride is to be chosen. */
  readonly windowMs?: number | undefined;
}

/** A deviation of fewer readings says little. */
const READINGS = 30;
const LEAST_READINGS = 5;

/** Spikes of a bearing are seldom: kurtosis of fewer readings misses them. */
const WAVEFORM_READINGS = 256;

/** Where nothing has two readings. */
const UNKNOWN_MS = 1000;

/** Windows, from the begin of an incident on, until one lies wholly within it. */
const WINDOWS_AN_INCIDENT = 2;

/** Training, validation, test and calibration each need some, apart from each other. */
const WINDOWS_A_RUN = 40;

/** Three quarters of a window are in the one before it, too: more is more rows of the same. */
const ROWS_A_WINDOW = 4;

/** A graph of some hundred thousand nodes trains within an hour on two cores. */
const MAX_ROWS = 200_000;

/** The longest window that a feature spec takes. */
const MAX_WINDOW_MS = 24 * 3_600_000;

const quantile = (values: readonly number[], share: number) =>
  [...values].sort((a, b) => a - b)[Math.floor(share * (values.length - 1))];

/** Median over the channels; a plant has more slow than fast ones, and all must have readings. */
function typicalStep(profiles: readonly ChannelProfile[]): number {
  const steps = profiles.map(({ everyMs }) => everyMs).filter((every) => every > 0);
  return steps.length === 0 ? UNKNOWN_MS : quantile(steps, 0.5);
}

/** A quarter of the incidents are shorter; `undefined` where none has both ends. */
function shortIncident({ intervals, normal }: ProposeWindowOptions): number | undefined {
  const lengths = intervals
    .filter((interval) => interval.class !== normal)
    .map(({ from, to }) => to - from)
    .filter((length) => length > 0 && Number.isFinite(length));
  return lengths.length === 0 ? undefined : quantile(lengths, 0.25);
}

/** Median length of the runs; `undefined` where there is none. */
function typicalRun({ spans }: ProposeWindowOptions): number | undefined {
  const lengths = [...Map.groupBy(spans, ({ run }) => run).values()].map((own) =>
    own.reduce((most, { from, to }) => Math.max(most, to - from), 0),
  );
  return lengths.length === 0 ? undefined : quantile(lengths, 0.5);
}

interface Limit {
  readonly ms: number;
  /** Part of a sentence. */
  readonly because: string;
}

/** What a window must not exceed, the shortest first. */
function limitsOf(options: ProposeWindowOptions): Limit[] {
  const incident = shortIncident(options);
  const run = typicalRun(options);
  const limits = [
    ...(incident === undefined
      ? []
      : [
          {
            ms: incident / WINDOWS_AN_INCIDENT,
            because: `a quarter of the incidents are shorter than ${durationText(incident)}, and a window is half of that at most`,
          },
        ]),
    ...(run === undefined
      ? []
      : [
          {
            ms: run / WINDOWS_A_RUN,
            because: `runs are ${durationText(run)} long, and ${WINDOWS_A_RUN} windows are to follow each other in one, so that it can be divided`,
          },
        ]),
  ];
  return limits.sort((one, other) => one.ms - other.ms);
}

function chooseWindow(options: ProposeWindowOptions): [windowMs: number, reason: string] {
  const step = typicalStep(options.profiles);
  const ofWaveforms = options.waveforms.map(({ everyMs }) => WAVEFORM_READINGS * everyMs);
  const wanted = Math.min(MAX_WINDOW_MS, roundUp(Math.max(READINGS * step, ...ofWaveforms)));
  const least = Math.min(MAX_WINDOW_MS, roundUp(Math.max(LEAST_READINGS * step, ...ofWaveforms)));
  const [limit] = limitsOf(options);
  const holds = (ms: number) =>
    `It holds about ${Math.max(1, Math.round(ms / step))} readings, one every ${durationText(step)}`;
  if (limit === undefined || wanted <= limit.ms) {
    const incident = shortIncident(options);
    const also =
      incident === undefined
        ? 'no incident is labelled yet'
        : `three of four incidents last ${durationText(incident)} or longer`;
    return [wanted, `${holds(wanted)}; ${also}.`];
  }
  const windowMs = Math.max(least, roundDown(limit.ms));
  const few = windowMs > limit.ms ? ' Yet a shorter one would hold too few readings.' : '';
  return [windowMs, `${holds(windowMs)}: ${limit.because}.${few}`];
}

/** Round, or else a multiple of the step: windows that hold three readings and then four are uneven. */
function usualStride(windowMs: number, step: number): number {
  const round = roundDown(windowMs / ROWS_A_WINDOW);
  const isEven = round % step === 0 || round < step;
  return isEven ? round : Math.floor(windowMs / ROWS_A_WINDOW / step) * step;
}

/** Round lengths, deterministic for the same data. */
export function proposeWindow(options: ProposeWindowOptions): ProposedWindow {
  const { spans, profiles } = options;
  const [chosen, windowReason] = chooseWindow(options);
  const windowMs = options.windowMs ?? chosen;
  const covered = spans.reduce((sum, { from, to }) => sum + to - from, 0);
  const step = typicalStep(profiles);
  const usual = Math.max(usualStride(windowMs, step), Math.min(step, windowMs), 1);
  const fewest = covered / MAX_ROWS;
  const strideMs = Math.floor(
    Math.min(windowMs, Math.max(usual, fewest > usual ? roundUp(fewest) : 0)),
  );
  const rows = Math.round(covered / strideMs);
  const strideReason = `${Number((windowMs / strideMs).toPrecision(2))} rows begin while a window passes; the history has about ${rows} rows.`;
  return { windowMs, strideMs, windowReason, strideReason };
}
