// What the files and channels of a plant hold, in lines for people.
import type {
  ChannelSummary,
  ColumnSummary,
  FileSummary,
  Suspicion,
} from '../telemetry/summary.ts';
import { countText, lengthText, percentText, timeText, valueText } from './figures.ts';
import type { HistoryFacts } from './history-facts.ts';

/** A folder may hold a file a day; those beyond are counted. */
const MAX_FILES = 12;

const MAX_RUNS = 12;

/** Columns that a line names before it counts them. */
const MAX_COLUMNS = 8;

export function columnText({ title, use }: ColumnSummary): string {
  if (use.kind !== 'channel') return `${title} is ${use.kind}`;
  const unit = use.unit === '' ? '' : ` [${use.unit}]`;
  const asset = use.asset === undefined ? '' : ` of ${use.asset}`;
  return use.channel === title
    ? `${title}${unit}${asset}`
    : `${title} is ${use.channel}${unit}${asset}`;
}

function columnsText({ columns }: FileSummary): string {
  const read = columns.filter(({ use }) => use.kind !== 'ignored').map(columnText);
  const ignored = columns.filter(({ use }) => use.kind === 'ignored').map(({ title }) => title);
  const more = read.length > MAX_COLUMNS ? `, … and ${read.length - MAX_COLUMNS} more` : '';
  const rest =
    ignored.length === 0 ? '' : `; not read: ${ignored.slice(0, MAX_COLUMNS).join(', ')}`;
  return `${read.slice(0, MAX_COLUMNS).join(', ')}${more}${rest}`;
}

function describeFile(file: FileSummary, timeZone: string): string[] {
  const { name, layout, rows, firstTime, lastTime, refusedRows, duplicates, outOfOrder } = file;
  if (layout === undefined) return [`  ${name}: could not be read`];
  const when =
    firstTime === undefined || lastTime === undefined
      ? 'no times'
      : `${timeText(firstTime, timeZone)} to ${timeText(lastTime, timeZone)}`;
  const oddities = [
    [refusedRows, 'rows left out'],
    [duplicates, 'readings of a time that was there'],
    [outOfOrder, 'rows that go back in time'],
  ] as const;
  const odd = oddities
    .filter(([count]) => count > 0)
    .map(([n, what]) => `, ${countText(n)} ${what}`);
  return [
    `  ${name}: ${layout}, ${countText(rows)} rows, ${when}${odd.join('')}`,
    `    ${columnsText(file)}`,
  ];
}

/** Files that are alike are told once each, up to a dozen. */
export function describeFiles({ summary, project }: HistoryFacts): string[] {
  const { files } = summary;
  const rows = files.reduce((sum, file) => sum + file.rows, 0);
  return [
    `files: ${files.length} read, ${countText(rows)} rows`,
    ...files.slice(0, MAX_FILES).flatMap((file) => describeFile(file, project.timeZone)),
    ...(files.length > MAX_FILES ? [`  … and ${files.length - MAX_FILES} more`] : []),
  ];
}

function suspicionText(suspicion: Suspicion, timeZone: string): string {
  const { run, asset, from } = suspicion.first;
  const where = `${asset}${run === '' ? '' : ` in run ${run}`} from ${timeText(from, timeZone)}`;
  return suspicion.kind === 'sentinel'
    ? `${valueText(suspicion.value)} stands ${countText(suspicion.count)} times far from all others, first at ${where}: is it a logger's word for "no value"?`
    : `${countText(suspicion.count)} readings, first at ${where}, would fit the others in ${suspicion.looksLike}: is their unit right?`;
}

/** What looks like a mistake of a sensor, in whole sentences, by kind. */
export function channelDoubts(
  channel: ChannelSummary,
  timeZone: string,
): { readonly kind: string; readonly sentence: string }[] {
  const { name, constant, suspicions } = channel;
  const { longest } = constant;
  const stuck =
    longest === undefined || constant.share >= 1
      ? []
      : [
          {
            kind: 'stuck',
            sentence: `${name}: ${longest.asset}${longest.run === '' ? '' : ` in run ${longest.run}`} says the same from ${timeText(longest.from, timeZone)} for ${lengthText(longest.to - longest.from)}; is the sensor stuck?`,
          },
        ];
  const suspected = suspicions.map((each) => ({
    kind: each.kind,
    sentence: `${name}: ${suspicionText(each, timeZone)}`,
  }));
  return [...stuck, ...suspected];
}

export function gapText({ gaps }: ChannelSummary, timeZone: string): string {
  const { count, longest } = gaps;
  if (count === 0 || longest === undefined) return 'no gaps';
  const gap = `${lengthText(longest.to - longest.from)} of ${longest.asset} from ${timeText(longest.from, timeZone)}`;
  return count === 1 ? `one gap, ${gap}` : `${countText(count)} gaps, the longest ${gap}`;
}

function describeChannel(channel: ChannelSummary, timeZone: string): string {
  const { name, unit, unitsFound, assets, count, minimum, median, maximum } = channel;
  const { typicalIntervalMs, missingShare } = channel;
  const converted = unitsFound.filter((each) => each !== unit && each !== '');
  const from = converted.length === 0 ? '' : `, converted from ${converted.join(', ')}`;
  const rate = typicalIntervalMs === undefined ? '' : `, every ${lengthText(typicalIntervalMs)}`;
  const range =
    count === 0
      ? 'no readings'
      : `${valueText(minimum)} to ${valueText(maximum)}, half below ${valueText(median)}`;
  const missing = missingShare === 0 ? '' : `, ${percentText(missingShare)} empty`;
  return `  ${name}${unit === '' ? '' : ` [${unit}]`}: ${range}${rate}, ${assets.length} asset${assets.length === 1 ? '' : 's'}${missing}, ${gapText(channel, timeZone)}${from}`;
}

export function describeChannels({ summary, project }: HistoryFacts): string[] {
  const { channels, unlisted } = summary;
  return [
    `channels: ${channels.length}`,
    ...channels.map((channel) => describeChannel(channel, project.timeZone)),
    ...(unlisted.length === 0
      ? []
      : [`  not listed under channels, so not read: ${unlisted.join(', ')}`]),
  ];
}

export function describeRuns({ summary, project }: HistoryFacts): string[] {
  const { runs } = summary;
  if (runs.length < 2) return [];
  const { timeZone } = project;
  return [
    `runs: ${runs.length}`,
    ...runs.slice(0, MAX_RUNS).map(({ name, set, firstTime, lastTime, readings }) => {
      const use = set === undefined ? '' : ` (${set})`;
      return `  ${name}${use}: ${timeText(firstTime, timeZone)}, ${lengthText(lastTime - firstTime)}, ${countText(readings)} readings`;
    }),
    ...(runs.length > MAX_RUNS ? [`  … and ${runs.length - MAX_RUNS} more`] : []),
  ];
}
