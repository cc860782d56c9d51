// Figure 3: accuracy against multiply-accumulates and against executed students, with
// areas under the curves.
import type { CellMethod, CellResult } from '../reproduce/cell.ts';
import { areaUnderStaircase, type Point, summarise } from '../reproduce/statistics.ts';
import { EIGHTH } from '../reproduce/variants.ts';
import type { CellKey, Results } from './collect.ts';
import { type Block, heading, type TableCell, text } from './document.ts';
import { type LinePoint, type LineSeries, lineChart } from './line-chart.ts';
import { shortNumber } from './scale.ts';
import type { Chart } from './svg.ts';
import { METHOD_STYLES, type SeriesStyle } from './theme.ts';
import { chartId, methodName, setName, settingName, summaryCell, teacherName } from './words.ts';

type Place = Omit<CellKey, 'method' | 'variant'>;

/** Points of one curve, each over all seeds. */
function averaged(curves: readonly (readonly Point[])[]): LinePoint[] {
  const length = Math.max(0, ...curves.map((curve) => curve.length));
  return Array.from({ length }, (_, k): LinePoint[] => {
    const at = curves.flatMap((curve) => (curve[k] ? [curve[k]] : []));
    const y = summarise(at.map((point) => point.y));
    const x = summarise(at.map((point) => point.x));
    return x && y ? [{ x: x.mean, y: y.mean, spread: y.std }] : [];
  }).flat();
}

const macsCurve = ({ curve }: CellResult): Point[] =>
  curve.map(({ macs, accuracy }) => ({ x: macs, y: accuracy }));

const widthVariants = (results: Results) =>
  results.variants.filter((variant) => variant.startsWith('width of '));

/** Curves of one method by seed; GLNN's is made of single MLPs of several widths. */
function curvesOf(results: Results, place: Place, method: CellMethod): Map<number, Point[]> {
  const curves = new Map<number, Point[]>();
  const variants = method === 'glnn' ? [...widthVariants(results), 'default'] : ['default'];
  for (const variant of variants) {
    for (const [seed, result] of results.cells({ ...place, method, variant })) {
      curves.set(seed, [...(curves.get(seed) ?? []), ...macsCurve(result)]);
    }
  }
  for (const points of curves.values()) points.sort((a, b) => a.x - b.x);
  return curves;
}

const EXIT_STYLE: SeriesStyle = {
  name: 'with per-node exit',
  class: 'additive',
  marker: 'ring',
  dash: '2 3',
};

/** The cascades of Dandan, the one to show first. */
const OWN: readonly CellMethod[] = ['progmlp-additive', 'progmlp-incremental'];

function exitPoints(results: Results, place: Place): LinePoint[] {
  const cells =
    OWN.map((method) => [...results.cells({ ...place, method }).values()]).find(
      ({ length }) => length > 0,
    ) ?? [];
  return averaged(
    cells.flatMap(({ exits }) =>
      exits ? [exits.node.map(({ macs, accuracy }) => ({ x: macs, y: accuracy }))] : [],
    ),
  );
}

const pointWords = (points: readonly LinePoint[]) =>
  points.map(({ x, y }) => `${shortNumber(x)}: ${y.toFixed(2)}`).join(', ');

function methodsOf(results: Results): CellMethod[] {
  return results.methods.filter((method) => method !== 'teacher' && method !== 'mlp');
}

function charts(results: Results, place: Place): Chart[] {
  const name = `${setName(place.set)}, ${teacherName(place.teacher)}, ${settingName(place.setting)}`;
  const teacher = results.over({ ...place, method: 'teacher' }, ({ accuracy }) => accuracy);
  const references = teacher ? [{ style: METHOD_STYLES.teacher, y: teacher.mean }] : [];
  const byMacs = methodsOf(results).map(
    (method): LineSeries => ({
      style: METHOD_STYLES[method],
      points: averaged([...curvesOf(results, place, method).values()]),
    }),
  );
  const withExit = [...byMacs, { style: EXIT_STYLE, points: exitPoints(results, place) }];
  const byStudents = methodsOf(results)
    .filter((method) => method !== 'glnn')
    .map((method): LineSeries => {
      const cells = [...results.cells({ ...place, method }).values()];
      const curves = cells.map(({ curve }) =>
        curve.map(({ accuracy }, k) => ({ x: k + 1, y: accuracy })),
      );
      return { style: METHOD_STYLES[method], points: averaged(curves) };
    });
  const words = (series: readonly LineSeries[]) =>
    series.map(({ style, points }) => `${style.name}: ${pointWords(points)}`).join('. ');
  const reference = teacher ? ` Teacher ${teacher.mean.toFixed(2)}.` : '';
  return [
    lineChart({
      id: chartId('macs', place.set, place.teacher, place.setting),
      title: name,
      alt: `Test accuracy in percent against multiply-accumulates a node on ${name}.${reference} ${words(withExit)}.`,
      xLabel: 'multiply-accumulates a node (log)',
      yLabel: 'test accuracy, %',
      series: withExit,
      references,
      xScale: 'log',
    }),
    lineChart({
      id: chartId('students', place.set, place.teacher, place.setting),
      title: name,
      alt: `Test accuracy in percent against executed students on ${name}.${reference} ${words(byStudents)}.`,
      xLabel: 'executed students',
      yLabel: 'test accuracy, %',
      series: byStudents,
      references,
      xScale: 'step',
    }),
  ];
}

interface Range {
  readonly from: number;
  readonly to: number;
}

/** From the cheapest first answer of any method to the dearest last one. */
function wholeRange(curves: readonly (readonly Point[])[]): Range {
  const xs = curves.flat().map(({ x }) => x);
  return { from: Math.min(...xs), to: Math.max(...xs) };
}

/** Where every method has an answer. */
function commonRange(curves: readonly (readonly Point[])[]): Range {
  const firsts = curves.map((curve) => Math.min(...curve.map(({ x }) => x)));
  return { from: Math.max(...firsts), to: wholeRange(curves).to };
}

const AREA =
  'Area under accuracy against the logarithm of multiply-accumulates, as mean accuracy in percent';

const WHOLE = `${AREA}, over the range from the cheapest first answer of any method to the dearest last one. At every cost the latest answer counts, and guessing where a method has none yet. GLNN: single MLPs of the widths of the stages.`;

const COMMON = `${AREA}, over the range in which every method has an answer: from the dearest first one on.`;

/** Mean height of each method's staircase over a range of costs. */
function areaTable(
  results: Results,
  { teacher, setting }: { teacher: string; setting: string },
  { rangeOf, caption }: { rangeOf: typeof wholeRange; caption: string },
): Block {
  const methods = methodsOf(results);
  const columns = results.sets.map(({ set, classes }) => {
    const place = { set, teacher, setting };
    const curves = methods.map((method) => curvesOf(results, place, method));
    const known = curves.flatMap((bySeeds) => [...bySeeds.values()]);
    const range = { ...rangeOf(known), floor: 100 / classes.length };
    return curves.map((bySeeds) =>
      summarise([...bySeeds.values()].map((points) => areaUnderStaircase(points, range))),
    );
  });
  const best = columns.map((column) => Math.max(...column.map((area) => area?.mean ?? 0)));
  return {
    kind: 'table',
    caption,
    columns: results.sets.map(({ set }) => setName(set)),
    rows: methods.map((method, row) => ({
      name: methodName(method),
      cells: columns.map((column, c): TableCell => {
        const area = column[row];
        return summaryCell(area, {
          seeds: results.seeds.length,
          best: area !== undefined && area.mean === best[c],
        });
      }),
    })),
  };
}

/** Stage 1 of the staircase against a GLNN of its very cost. */
function firstStageTable(results: Results, teacher: string, setting: string): Block[] {
  const variant = 'width of stage 1';
  if (!results.variants.includes(variant)) return [];
  const seeds = results.seeds.length;
  const rowsOf = (name: string, method: CellMethod, own: string, pick: Pick) => ({
    name,
    cells: results.sets.map(({ set }) =>
      summaryCell(results.over({ set, teacher, setting, method, variant: own }, pick), { seeds }),
    ),
  });
  return [
    {
      kind: 'table',
      caption: 'Test accuracy in percent at the cost of the first stage.',
      columns: results.sets.map(({ set }) => setName(set)),
      rows: [
        rowsOf('Stage 1, incremental', 'progmlp-incremental', 'default', firstStage),
        rowsOf('GLNN of the same width', 'glnn', variant, ({ accuracy }) => accuracy),
        ...(results.variants.includes(EIGHTH.name)
          ? [
              rowsOf('Stage 1, additive', 'progmlp-additive', 'default', firstStage),
              rowsOf('GLNN of the same width', 'glnn', EIGHTH.name, ({ accuracy }) => accuracy),
            ]
          : []),
      ],
    },
  ];
}

type Pick = (result: CellResult) => number | undefined;

const firstStage: Pick = ({ stages }) => stages[0]?.accuracy;

/** Charts and areas for every teacher and setting at hand. */
export function costSection(results: Results): Block[] {
  return results.settings.flatMap((setting) =>
    results.teachers.flatMap((teacher): Block[] => [
      heading(`Accuracy against cost, ${teacherName(teacher)} teacher, ${settingName(setting)}`),
      text(
        'Points: the running answer after each student, mean over seeds; whiskers: standard deviation. Multiply-accumulates are those of one node; where features are sparse only non-zero ones cost. The teacher needs the graph at inference and has no comparable cost a node; its accuracy is the dashed line.',
      ),
      areaTable(results, { teacher, setting }, { rangeOf: wholeRange, caption: WHOLE }),
      areaTable(results, { teacher, setting }, { rangeOf: commonRange, caption: COMMON }),
      ...firstStageTable(results, teacher, setting),
      ...results.sets.map(
        ({ set }) =>
          ({ kind: 'charts', charts: charts(results, { set, teacher, setting }) }) as const,
      ),
    ]),
  );
}
