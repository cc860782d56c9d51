// What each stage costs in computation, memory and time, and what early exits save.
import { lineChart } from '../../line-chart.ts';
import { shortNumber } from '../../scale.ts';
import type { Chart } from '../../svg.ts';
import { METHOD_STYLES } from '../../theme.ts';
import { shareBars } from '../charts/share-bars.ts';
import { MODEL_LOOKS } from '../charts/styles.ts';
import type { RunFacts } from '../facts/run-facts.ts';
import { meanOf, type StageCost, sameShare, spentShare, stageCosts } from '../facts/stage-costs.ts';
import { cell, type RunBlock, section } from '../run-block.ts';
import type { Say } from '../say.ts';
import { COST_WORDS } from './cost-words.ts';
import { MODEL_WORDS } from './model-words.ts';

const KIB = 1024;

const bytesText = (bytes: number) =>
  bytes < KIB ? `${bytes} B` : `${Number((bytes / KIB).toPrecision(3))} KiB`;

const timeText = (microseconds: number | undefined) =>
  microseconds === undefined ? '—' : `${microseconds.toPrecision(2)} µs`;

function curveChart(facts: RunFacts, costs: readonly StageCost[], say: Say): Chart {
  const w = COST_WORDS[say.language];
  const { models: names } = MODEL_WORDS[say.language];
  const { truth, models, day } = facts;
  const percent = (model: keyof typeof models) => 100 * sameShare(models[model].classes, truth);
  const exits = { x: 2 * meanOf(day.macs), y: percent('cascade') };
  const points = costs.map(({ flops, accuracy }) => ({ x: flops, y: 100 * accuracy }));
  const words = points.map(({ x, y }) => `${shortNumber(x)}: ${y.toFixed(1)}`);
  const beside = (['teacher', 'mlp', 'glnn'] as const).map((model) => ({
    style: { ...MODEL_LOOKS[model], name: names[model] },
    y: percent(model),
  }));
  return lineChart({
    id: `${say.language}-cost`,
    title: w.curve,
    alt: `${w.curveAlt(say)}: ${words.join(', ')}. ${[{ style: { name: names.cascade }, y: exits.y }, ...beside].map(({ style, y }) => `${style.name} ${y.toFixed(1)}`).join(', ')}.`,
    xLabel: w.curveX(say),
    yLabel: w.curveY,
    series: [
      { style: { ...MODEL_LOOKS.cascade, name: w.staircase }, points },
      {
        style: { ...METHOD_STYLES['progmlp-incremental'], name: names.cascade, marker: 'diamond' },
        points: [exits],
      },
    ],
    references: beside,
    xScale: 'log',
    width: 460,
  });
}

function stopsChart(costs: readonly StageCost[], say: Say): Chart {
  const w = COST_WORDS[say.language];
  const words = MODEL_WORDS[say.language];
  const day = { ...MODEL_LOOKS.cascade, name: words.day };
  const night = { ...METHOD_STYLES.adagmlp, name: words.night };
  return shareBars({
    id: `${say.language}-stops`,
    title: w.stops(say),
    alt: `${w.stopsAlt(say)}: ${costs.map((cost) => `${words.stage(cost.stage)} ${say.percent(cost.day)}, ${say.percent(cost.night)}`).join('; ')}.`,
    rows: costs.map((cost) => ({
      name: words.stage(cost.stage),
      bars: [
        { style: day, share: cost.day },
        { style: night, share: cost.night },
      ],
    })),
  });
}

export function costSection(facts: RunFacts, say: Say): RunBlock[] {
  const w = COST_WORDS[say.language];
  const words = MODEL_WORDS[say.language];
  const { day, night, truth, times } = facts;
  const costs = stageCosts(facts);
  const rows = costs.map((cost) => ({
    name: words.stage(cost.stage),
    cells: [
      cell(say.percent(cost.day)),
      cell(say.percent(cost.night)),
      cell(say.percent(cost.accuracy)),
      cell(say.percent(cost.agreement)),
      cell(say.count(cost.flops)),
      cell(bytesText(cost.bytes)),
      cell(timeText(cost.microseconds)),
    ],
  }));
  const exits = [
    '',
    '',
    say.percent(sameShare(day.classes, truth)),
    say.percent(sameShare(day.classes, facts.grouped.fullClasses)),
    say.count(2 * meanOf(day.macs)),
    '',
    timeText(times?.day),
  ];
  return [
    section('costs', w.costs),
    { kind: 'text', text: w.costsText(say) },
    {
      kind: 'text',
      text: w.saving(say, {
        day: say.percent(spentShare(facts, day.macs)),
        night: say.percent(spentShare(facts, night.macs)),
      }),
    },
    {
      kind: 'table',
      caption: w.caption(say, times && { processor: times.processor, rows: say.count(times.rows) }),
      columns: w.columns,
      rows: [...rows, { name: w.withExits, cells: exits.map((text) => cell(text)) }],
    },
    { kind: 'charts', charts: [stopsChart(costs, say), curveChart(facts, costs, say)] },
  ];
}
