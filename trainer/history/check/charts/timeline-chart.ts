// The channels of one machine over time, with their gaps and what is known of it.
import { type Chart, element, label, type Markup } from '../../../report/svg.ts';
import { valueText } from '../figures.ts';
import type { ClassMark } from './class-colours.ts';
import { envelope, type Slice } from './envelope.ts';
import { cutToRoom, textRoom } from './text-room.ts';
import { timeTicks } from './time-ticks.ts';

export interface TimelineChannel {
  readonly name: string;
  readonly unit: string;
  readonly times: Float64Array;
  readonly values: Float64Array;
  /** Readings farther apart are a gap. */
  readonly gapMs: number;
}

export interface TimelineBand {
  readonly from: number;
  readonly to: number;
  readonly mark: ClassMark;
}

export interface TimelineChartOptions {
  readonly id: string;
  readonly title: string;
  readonly alt: string;
  readonly from: number;
  readonly to: number;
  readonly timeZone: string;
  readonly channels: readonly TimelineChannel[];
  readonly bands: readonly TimelineBand[];
  /** Where one run ends and the next begins. */
  readonly borders: readonly number[];
}

const WIDTH = 1060;
const LEFT = 168;
const RIGHT = 72;
const TOP = 30;
const STRIP = 18;
const ROW = 40;
const GAP = 12;
const BOTTOM = 26;
/** Two pixels each: finer ones cannot be told apart and make the page longer. */
const SLICES = (WIDTH - LEFT - RIGHT) / 2;
const TICKS = 8;
/** Of bold text of 13 px to that of 12 px. */
const BOLD = 1.15;

type Across = (time: number) => number;

const tenth = (value: number) => Math.round(value * 10) / 10;

/** There along the most, back along the least. */
function shapeOf(slices: readonly Slice[], x: Across, y: (value: number) => number): string {
  const there = slices.map(({ time, most }) => `${tenth(x(time))},${tenth(y(most))}`);
  const back = slices.map(({ time, least }) => `${tenth(x(time))},${tenth(y(least))}`).reverse();
  // A line of one slice would have no length.
  const end = tenth(x(slices[slices.length - 1].time) + 1);
  const dot = slices.length === 1 ? [`${end},${tenth(y(slices[0].most))}`] : [];
  return [...there, ...dot, ...back].join(' ');
}

function gapsOf({ times, gapMs }: TimelineChannel, from: number, to: number) {
  const gaps: (readonly [number, number])[] = [];
  let previous = from;
  for (const time of [...times.filter((each) => each >= from && each <= to), to]) {
    if (time - previous > gapMs) gaps.push([previous, time]);
    previous = time;
  }
  return gaps;
}

function drawChannel(
  channel: TimelineChannel,
  top: number,
  x: Across,
  options: TimelineChartOptions,
) {
  const { name, unit, times, values } = channel;
  const { from, to } = options;
  const stretches = envelope({ ...channel, from, to, slices: SLICES });
  const slices = stretches.flat();
  const least = slices.reduce((a, b) => Math.min(a, b.least), Number.POSITIVE_INFINITY);
  const most = slices.reduce((a, b) => Math.max(a, b.most), Number.NEGATIVE_INFINITY);
  const bottom = top + ROW;
  const y = (value: number) =>
    most === least ? (top + bottom) / 2 : bottom - ((value - least) / (most - least)) * ROW;
  const marks: Markup[] = gapsOf(channel, from, to)
    .filter(([begin, end]) => x(end) - x(begin) >= 1)
    .map(([begin, end]) =>
      element('rect', { class: 'gap', x: x(begin), y: top, width: x(end) - x(begin), height: ROW }),
    );
  marks.push(
    label(cutToRoom(name, LEFT - 24), { x: LEFT - 10, y: top + 17, 'text-anchor': 'end' }),
    label(unit, { class: 'soft', x: LEFT - 10, y: top + 32, 'text-anchor': 'end' }),
  );
  if (times.length > 0 && values.length > 0 && slices.length > 0) {
    marks.push(
      ...stretches.map((stretch) =>
        element('polygon', {
          class: 'fill eglnn',
          'stroke-width': '1',
          'stroke-linejoin': 'round',
          points: shapeOf(stretch, x, y),
        }),
      ),
      label(valueText(most), { class: 'soft', x: WIDTH - RIGHT + 6, y: top + 10 }),
      ...(most === least
        ? []
        : [label(valueText(least), { class: 'soft', x: WIDTH - RIGHT + 6, y: bottom })]),
    );
  }
  return marks;
}

function drawBand({ from, to, mark }: TimelineBand, x: Across, bottom: number): Markup[] {
  const [left, right] = [x(from), x(to)];
  const width = Math.max(1.5, right - left);
  const text = [mark.name, String(mark.number)].find((each) => textRoom(each) + 4 <= width);
  const common = { x: left, width };
  return [
    element('rect', {
      ...common,
      class: `band fill ${mark.colour}`,
      y: TOP + STRIP,
      height: bottom - TOP - STRIP,
    }),
    element('rect', { ...common, class: `bar fill ${mark.colour}`, y: TOP, height: STRIP - 4 }),
    ...(text === undefined
      ? []
      : [
          label(text, {
            class: 'on-heat',
            x: left + width / 2,
            y: TOP + 11,
            'text-anchor': 'middle',
            'font-size': '11',
          }),
        ]),
  ];
}

/** Classes that are shown, behind the title. */
function legendOf(bands: readonly TimelineBand[], begin: number): Markup[] {
  const marks = [...new Map(bands.map(({ mark }) => [mark.number, mark])).values()];
  let next = begin;
  return marks
    .sort((a, b) => a.number - b.number)
    .flatMap(({ name, number, colour }) => {
      const x = next;
      const text = `${number} ${name}`;
      next += 16 + textRoom(text) + 16;
      return [
        element('rect', { class: `bar fill ${colour}`, x, y: 8, width: 11, height: 11 }),
        label(text, { class: 'soft', x: x + 16, y: 18 }),
      ];
    });
}

export function timelineChart(options: TimelineChartOptions): Chart {
  const { id, title, alt, from, to, channels, bands, borders, timeZone } = options;
  const end = WIDTH - RIGHT;
  const x = (time: number) => {
    const share = (Math.min(to, Math.max(from, time)) - from) / Math.max(1, to - from);
    return LEFT + share * (end - LEFT);
  };
  const heading = cutToRoom(title, WIDTH / 2);
  const top = TOP + STRIP;
  const bottom = top + channels.length * (ROW + GAP);
  const shown = bands.filter((band) => band.to >= from && band.from <= to);
  const vertical = (className: string, at: number) =>
    element('line', { class: className, x1: x(at), x2: x(at), y1: TOP, y2: bottom });
  const marks = [
    label(heading, { class: 'heading', x: 12, y: 18 }),
    ...legendOf(shown, Math.max(LEFT, 12 + BOLD * textRoom(heading) + 24)),
    ...shown.flatMap((band) => drawBand(band, x, bottom)),
    ...channels.flatMap((channel, i) => drawChannel(channel, top + i * (ROW + GAP), x, options)),
    ...borders.map((at) => vertical('axis', at)),
    element('line', { class: 'axis', x1: LEFT, x2: end, y1: bottom, y2: bottom }),
    ...timeTicks(from, to, TICKS, timeZone).flatMap(({ time, text }) => [
      element('line', { class: 'axis', x1: x(time), x2: x(time), y1: bottom, y2: bottom + 4 }),
      label(text, { class: 'soft', x: x(time), y: bottom + 17, 'text-anchor': 'middle' }),
    ]),
  ];
  return { id, title, alt, width: WIDTH, height: bottom + BOTTOM, marks };
}
