// What a check of a plant's history found, one topic after the other, in lines for people.
import { hasCountWindows, rowWidth, type TelemetrySpec } from '@dandan/shared/features';
import { spansOf } from '../spans.ts';
import { classRows, LABELLED_SETS } from './class-rows.ts';
import { describeChannels, describeFiles, describeRuns } from './describe-telemetry.ts';
import { countText, lengthText, percentText, timeText } from './figures.ts';
import type { HistoryFacts } from './history-facts.ts';
import { openChoices } from './open-choices.ts';

/** A drawing of more is for the page. */
const MAX_EDGES = 12;

const plural = (count: number, word: string) =>
  `${countText(count)} ${word}${count === 1 ? '' : 's'}`;

/** When the history begins and ends; `undefined` where there is none. */
export function reachOf({
  telemetry,
}: HistoryFacts): readonly [from: number, to: number] | undefined {
  const spans = spansOf(telemetry);
  if (spans.length === 0) return undefined;
  return [
    spans.reduce((least, { from }) => Math.min(least, from), Number.POSITIVE_INFINITY),
    spans.reduce((most, { to }) => Math.max(most, to), Number.NEGATIVE_INFINITY),
  ];
}

export function windowText(spec: TelemetrySpec): string {
  return hasCountWindows(spec)
    ? `windows of ${spec.windowSamples} samples, one every ${spec.strideSamples}`
    : `windows of ${lengthText(spec.windowMs)}, one every ${lengthText(spec.strideMs)}`;
}

const referenceText = ({ reference }: TelemetrySpec) =>
  reference === undefined
    ? ''
    : `, in units of the first ${countText(reference.samples)} readings of each channel`;

function describeTitle(facts: HistoryFacts): string {
  const { project, telemetry } = facts;
  const { assets, channels, runs, series } = telemetry;
  const reach = reachOf(facts);
  const readings = series.reduce((sum, { times }) => sum + times.length, 0);
  const when =
    reach === undefined
      ? ''
      : `, ${reach.map((time) => timeText(time, project.timeZone)).join(' to ')} (${project.timeZone})`;
  return `${project.model}: ${plural(assets.length, 'asset')}, ${plural(channels.length, 'channel')}, ${plural(runs.length, 'run')}, ${countText(readings)} readings${when}`;
}

function describeLabels(facts: HistoryFacts): string[] {
  const { telemetry, intervals, windows } = facts;
  const rows = classRows(facts);
  const total = windows?.labels.length ?? 0;
  const labelled = rows.reduce((sum, row) => sum + row.windows, 0);
  const fromFiles = telemetry.intervals.length;
  const aside = [
    [windows?.withinMargin ?? 0, 'within the margin of an end'],
    [windows?.contradictory ?? 0, 'claimed by several classes'],
  ] as const;
  return [
    `labels: ${plural(intervals.length, 'line')} of sheets${fromFiles === 0 ? '' : `, ${plural(fromFiles, 'stretch')} of the files`.replace('stretchs', 'stretches')}`,
    ...rows.map(({ name, intervals: count, lengthMs, windows: own, byAsset, sets }) => {
      const where = telemetry.assets
        .flatMap((asset, i) => (byAsset[i] > 0 ? `${asset} ${countText(byAsset[i])}` : []))
        .join(', ');
      const dealt = sets?.map((n, i) => `${countText(n)} ${LABELLED_SETS[i]}`).join(', ');
      return `  ${name}: ${plural(count, 'interval')}, ${lengthText(lengthMs)}, ${plural(own, 'window')}${where === '' ? '' : ` (${where})`}${dealt === undefined ? '' : `: ${dealt}`}`;
    }),
    ...(total === 0
      ? []
      : [
          `  unlabelled: ${plural(total - labelled, 'window')} of ${countText(total)} (${percentText((total - labelled) / total)})`,
        ]),
    ...aside.filter(([n]) => n > 0).map(([n, what]) => `  ${plural(n, 'window')} ${what}`),
  ];
}

function describeTopology({ topology, telemetry }: HistoryFacts): string[] {
  const { assets, edges } = topology;
  const kinds = Map.groupBy(
    assets.filter(({ kind }) => kind !== undefined),
    ({ kind }) => kind!,
  );
  const silent = assets.filter(({ name }) => !telemetry.assets.includes(name)).length;
  const edgeText = ({ from, to, kind }: (typeof edges)[number]) =>
    `${from} > ${to}${kind === '' ? '' : ` (${kind})`}`;
  const more = edges.length > MAX_EDGES ? `, … and ${edges.length - MAX_EDGES} more` : '';
  return [
    `topology: ${plural(assets.length, 'asset')}${silent === 0 ? '' : `, ${silent} without readings`}, ${plural(edges.length, 'edge')}`,
    ...(edges.length === 0
      ? []
      : [`  ${edges.slice(0, MAX_EDGES).map(edgeText).join(', ')}${more}`]),
    ...[...kinds].map(([kind, own]) => `  ${kind}: ${own.map(({ name }) => name).join(', ')}`),
  ];
}

function describeFeatures(facts: HistoryFacts): string[] {
  const { spec } = facts;
  if (spec === undefined) return [];
  const open = openChoices(facts);
  return [
    `features: ${plural(rowWidth(spec), 'column')}, ${windowText(spec)}${referenceText(spec)}`,
    ...(open.length === 0 ? [] : ['  proposed, where plant.yaml does not say:']),
    ...open.map(({ setting, value, reason }) => `    ${setting}: ${value}   # ${reason}`),
  ];
}

function describeSplit({ split, windows }: HistoryFacts): string[] {
  if (split === undefined || windows === undefined) return [];
  const { train, validation, test, unlabelled } = split;
  const sets = { train, validation, test, calibration: unlabelled };
  const texts = Object.entries(sets).map(([name, { length }]) => `${countText(length)} ${name}`);
  return [`split: ${texts.join(', ')} of ${plural(windows.labels.length, 'window')}`];
}

/** The figures of `dandan data check` of a project, one topic after the other. */
export function describeHistory(facts: HistoryFacts): string[] {
  return [
    describeTitle(facts),
    ...describeFiles(facts),
    ...describeChannels(facts),
    ...describeRuns(facts),
    ...describeLabels(facts),
    ...describeTopology(facts),
    ...describeFeatures(facts),
    ...describeSplit(facts),
  ];
}
