// The drawing of the line as the topology states it.
import { type Chart, element, label, type Markup } from '../../../report/svg.ts';
import type { Topology, TopologyEdge } from '../../topology.ts';
import { layersOf } from './layers.ts';
import { cutToRoom, textRoom } from './text-room.ts';

export interface TopologyChartOptions {
  readonly id: string;
  readonly title: string;
  readonly alt: string;
  readonly topology: Topology;
  /** Machines that report; the others are drawn with a dashed line. */
  readonly reporting: readonly string[];
}

const BOX_HEIGHT = 40;
const ROW = 60;
const COLUMN_GAP = 84;
const LEFT = 16;
const TOP = 44;
const MAX_BOX = 190;
/** Machines that nothing joins stand below each other no deeper than this. */
const MAX_ROWS = 12;

const DASHES = [undefined, '6 3', '2 3', '8 3 2 3'] as const;

interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

/** Long layers go on in the next column. */
function columnsOf(layers: readonly (readonly string[])[]): string[][] {
  return layers.flatMap((layer) =>
    Array.from({ length: Math.ceil(layer.length / MAX_ROWS) }, (_, part) =>
      layer.slice(part * MAX_ROWS, (part + 1) * MAX_ROWS),
    ),
  );
}

function placeAll(columns: readonly (readonly string[])[], wide: (name: string) => number) {
  const height = Math.max(1, ...columns.map(({ length }) => length)) * ROW;
  const places = new Map<string, Place>();
  let x = LEFT;
  for (const column of columns) {
    const width = Math.max(...column.map(wide));
    const first = TOP + (height - column.length * ROW) / 2;
    column.forEach((name, index) => {
      places.set(name, { x, y: first + index * ROW + (ROW - BOX_HEIGHT) / 2, width });
    });
    x += width + COLUMN_GAP;
  }
  return { places, width: x - COLUMN_GAP + LEFT, height };
}

const arrow = (x: number, y: number, direction: 1 | -1) =>
  element('polygon', {
    points: `${x},${y} ${x - 7 * direction},${y - 3.5} ${x - 7 * direction},${y + 3.5}`,
    style: 'fill:var(--soft)',
  });

function drawEdge(from: Place, to: Place, dash: string | undefined, isBack: boolean): Markup[] {
  const [y1, y2] = [from.y + BOX_HEIGHT / 2, to.y + BOX_HEIGHT / 2];
  const [x1, x2] = [from.x + from.width, to.x];
  const line = (d: string) =>
    element('path', {
      class: 'axis',
      style: 'fill:none;stroke-width:1.5',
      'stroke-dasharray': dash,
      d,
    });
  if (!isBack) {
    const bend = (x2 - x1) / 2;
    return [
      line(`M${x1},${y1}C${x1 + bend},${y1} ${x2 - bend},${y2} ${x2 - 6},${y2}`),
      arrow(x2, y2, 1),
    ];
  }
  // Around below both boxes, and into the side that the flow leaves.
  const below = Math.max(from.y, to.y) + BOX_HEIGHT + 14;
  const end = to.x + to.width;
  return [
    line(
      `M${from.x},${y1}C${from.x - 30},${y1} ${from.x - 30},${below} ${(from.x + end) / 2},${below}S${end + 34},${y2} ${end + 6},${y2 + 8}`,
    ),
    arrow(end, y2 + 8, -1),
  ];
}

function drawBox(name: string, kind: string | undefined, place: Place, reports: boolean): Markup[] {
  const { x, y, width } = place;
  const middle = x + width / 2;
  const room = width - 12;
  return [
    element('rect', {
      class: 'axis hollow',
      ...{ x, y, width, height: BOX_HEIGHT, rx: 6 },
      'stroke-dasharray': reports ? undefined : '4 3',
    }),
    label(cutToRoom(name, room), {
      class: reports ? undefined : 'soft',
      x: middle,
      y: y + (kind === undefined ? 24 : 17),
      'text-anchor': 'middle',
    }),
    ...(kind === undefined
      ? []
      : [
          label(cutToRoom(kind, room), {
            class: 'soft',
            x: middle,
            y: y + 32,
            'text-anchor': 'middle',
          }),
        ]),
  ];
}

/** Kinds of edges with their lines, beside the title. */
function legendOf(
  kinds: readonly string[],
  dashOf: (kind: string) => string | undefined,
): Markup[] {
  let x = LEFT;
  return kinds.flatMap((kind) => {
    const begin = x;
    x += 34 + textRoom(kind) + 18;
    return [
      element('line', {
        ...{ class: 'axis', x1: begin, x2: begin + 28, y1: 34, y2: 34 },
        style: 'stroke-width:1.5',
        'stroke-dasharray': dashOf(kind),
      }),
      label(kind, { class: 'soft', x: begin + 34, y: 38 }),
    ];
  });
}

export function topologyChart(options: TopologyChartOptions): Chart {
  const { id, title, alt, topology, reporting } = options;
  const { layers, back } = layersOf(topology);
  const kindOf = new Map(topology.assets.map(({ name, kind }) => [name, kind]));
  const wide = (name: string) =>
    Math.min(MAX_BOX, Math.max(72, textRoom(name) + 20, textRoom(kindOf.get(name) ?? '') + 20));
  const { places, width, height } = placeAll(columnsOf(layers), wide);
  const kinds = [...new Set(topology.edges.map(({ kind }) => kind))].filter((kind) => kind !== '');
  const dashOf = (kind: string) => DASHES[Math.max(0, kinds.indexOf(kind)) % DASHES.length];
  const edgeMarks = (edge: TopologyEdge) =>
    drawEdge(places.get(edge.from)!, places.get(edge.to)!, dashOf(edge.kind), back.has(edge));
  return {
    id,
    title,
    alt,
    width: Math.max(width, textRoom(title) * 1.2 + 2 * LEFT),
    height: TOP + height + (back.size > 0 ? 24 : 8),
    marks: [
      label(title, { class: 'heading', x: LEFT, y: 17 }),
      ...legendOf(kinds, dashOf),
      ...topology.edges.flatMap(edgeMarks),
      ...[...places].flatMap(([name, place]) =>
        drawBox(name, kindOf.get(name), place, reporting.includes(name)),
      ),
    ],
  };
}
