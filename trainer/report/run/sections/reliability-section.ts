// Whether the cascade is right as often as it says, before and after its temperatures.
import { METHOD_STYLES } from '../../theme.ts';
import { reliabilityChart } from '../charts/reliability-chart.ts';
import { MODEL_LOOKS } from '../charts/styles.ts';
import { reliabilityOf } from '../facts/reliability.ts';
import type { RunFacts } from '../facts/run-facts.ts';
import { meanOf, sameShare } from '../facts/stage-costs.ts';
import { cell, type RunBlock, section } from '../run-block.ts';
import type { Say } from '../say.ts';
import { MODEL_WORDS } from './model-words.ts';
import { RELIABILITY_WORDS } from './reliability-words.ts';

/** Of a bin with a point in the diagram. */
const LEAST = 10;

export function reliabilitySection(facts: RunFacts, say: Say): RunBlock[] {
  const w = RELIABILITY_WORDS[say.language];
  const { manifest, truth, trace, untempered, day } = facts;
  const of = ({ classes, confidence }: typeof trace, k: number) =>
    reliabilityOf(truth, classes[k], confidence[k]);
  const last = manifest.stages.length - 1;
  const before = of(untempered, last);
  const after = of(trace, last);
  const exits = reliabilityOf(truth, day.classes, day.confidence);
  const figures = (classes: Int32Array, confidence: Float32Array) =>
    [meanOf(confidence), sameShare(classes, truth)].map((share) => cell(say.percent(share)));
  return [
    section('reliability', w.title),
    { kind: 'text', text: w.text(say, LEAST) },
    {
      kind: 'charts',
      charts: [
        reliabilityChart({
          id: `${say.language}-reliability`,
          title: w.chart,
          alt: `${w.alt(say.percent(before.ece), say.percent(after.ece))}.`,
          xLabel: w.xLabel,
          yLabel: w.yLabel,
          ideal: w.ideal,
          least: LEAST,
          barLabel: w.bars(say),
          series: [
            {
              style: {
                ...METHOD_STYLES.glnn,
                name: `${w.before} (ECE ${say.percent(before.ece)})`,
              },
              bins: before.bins,
            },
            {
              style: { ...MODEL_LOOKS.cascade, name: `${w.after} (ECE ${say.percent(after.ece)})` },
              bins: after.bins,
            },
          ],
        }),
      ],
    },
    {
      kind: 'table',
      caption: w.caption(say),
      columns: w.columns,
      rows: [
        ...manifest.stages.map(({ temperature }, k) => ({
          name: MODEL_WORDS[say.language].stage(k + 1),
          cells: [
            cell(temperature.toFixed(2)),
            cell(say.percent(of(untempered, k).ece)),
            cell(say.percent(of(trace, k).ece)),
            ...figures(trace.classes[k], trace.confidence[k]),
          ],
        })),
        {
          name: w.withExits,
          cells: [
            cell(''),
            cell(''),
            cell(say.percent(exits.ece)),
            ...figures(day.classes, day.confidence),
          ],
        },
      ],
    },
  ];
}
