// Channels over time, a drawing for each machine.
import type { Chart } from '../../../report/svg.ts';
import type { Series } from '../../telemetry.ts';
import { markClasses } from '../charts/class-colours.ts';
import { type TimelineChannel, timelineChart } from '../charts/timeline-chart.ts';
import { timeText } from '../figures.ts';
import type { HistoryFacts } from '../history-facts.ts';
import { choosePanels, intervalsIn, type Panel } from './choose-panels.ts';
import type { PageBlock } from './page-block.ts';
import { type Language, PAGE_WORDS } from './words.ts';

/** The first of a machine's channels; a tall drawing shows less than a table. */
const MAX_CHANNELS = 10;

/** As the summary counts gaps where it has no better measure. */
const GAP_STEPS = 5;

function join(series: readonly Series[]): Pick<TimelineChannel, 'times' | 'values'> {
  if (series.length === 1) return series[0];
  const sorted = [...series].sort((a, b) => a.times[0] - b.times[0]);
  return {
    times: Float64Array.from(sorted.flatMap(({ times }) => [...times])),
    values: Float64Array.from(sorted.flatMap(({ values }) => [...values])),
  };
}

function channelsOf(
  { asset, runs }: Panel,
  { telemetry, summary }: HistoryFacts,
): TimelineChannel[] {
  const own = telemetry.series.filter(
    (series) =>
      telemetry.assets[series.asset] === asset && runs.includes(telemetry.runs[series.run].name),
  );
  const byChannel = Map.groupBy(own, ({ channel }) => channel);
  return [...byChannel.keys()]
    .sort((a, b) => a - b)
    .slice(0, MAX_CHANNELS)
    .map((channel) => {
      const { name, unit } = telemetry.channels[channel];
      const every = summary.channels.find((each) => each.name === name)?.typicalIntervalMs;
      const gapMs = every === undefined ? Number.POSITIVE_INFINITY : GAP_STEPS * every;
      return { name, unit, gapMs, ...join(byChannel.get(channel)!) };
    });
}

function drawPanel(panel: Panel, index: number, facts: HistoryFacts, language: Language): Chart {
  const { classes, project } = facts;
  const words = PAGE_WORDS[language];
  const marks = new Map(markClasses(classes, project.normal).map((mark) => [mark.name, mark]));
  const bands = intervalsIn(panel, facts).flatMap(({ from, to, class: name }) => {
    const mark = marks.get(name);
    return mark === undefined ? [] : { from, to, mark };
  });
  const channels = channelsOf(panel, facts);
  const { asset, runs, from, to } = panel;
  const run = runs.length === 1 && runs[0] !== '' ? ` · ${runs[0]}` : '';
  const shown = [...new Set(bands.map(({ mark }) => mark.name))].join(', ') || words.none;
  return timelineChart({
    id: `${language}-timeline-${index + 1}`,
    title: `${asset}${run}`,
    alt: words.timelineAlt(
      `${asset}, ${timeText(from, project.timeZone)} – ${timeText(to, project.timeZone)}`,
      channels.map(({ name }) => name).join(', '),
      shown,
    ),
    ...{ from, to, channels, bands, borders: panel.borders },
    timeZone: project.timeZone,
  });
}

export function timelineSection(facts: HistoryFacts, language: Language): PageBlock[] {
  const words = PAGE_WORDS[language];
  const { panels, left } = choosePanels(facts);
  if (panels.length === 0) return [];
  return [
    { kind: 'section', id: 'timelines', title: words.timelines },
    { kind: 'text', text: words.timelinesText },
    { kind: 'charts', charts: panels.map((panel, i) => drawPanel(panel, i, facts, language)) },
    ...(left === 0 ? [] : [{ kind: 'text' as const, text: words.moreTimelines(String(left)) }]),
  ];
}
