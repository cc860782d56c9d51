// The cascade beside what one could have instead: a plain MLP, one distilled MLP, the teacher.
import type { TableCell } from '../../document.ts';
import { balancedAccuracy, classFigures, confusionOf, macroF1 } from '../facts/class-figures.ts';
import { reliabilityOf } from '../facts/reliability.ts';
import { MODELS, type RunFacts } from '../facts/run-facts.ts';
import { singleFlops } from '../facts/single-flops.ts';
import { meanOf, sameShare } from '../facts/stage-costs.ts';
import { cell, type RunBlock, section } from '../run-block.ts';
import type { Say } from '../say.ts';
import { CLASS_WORDS } from './class-words.ts';
import { MODEL_WORDS } from './model-words.ts';

/** Nodes on which one is right and the other is not, both ways. */
function wonAndLost(truth: Int32Array, own: Int32Array, other: Int32Array): [number, number] {
  let won = 0;
  let lost = 0;
  truth.forEach((label, i) => {
    if (own[i] === other[i]) return;
    won += Number(own[i] === label);
    lost += Number(other[i] === label);
  });
  return [won, lost];
}

export function besideSection({ manifest, truth, models, day }: RunFacts, say: Say): RunBlock[] {
  const w = CLASS_WORDS[say.language];
  const words = MODEL_WORDS[say.language];
  const { classes } = manifest;
  const measured = MODELS.map((model) => {
    const { classes: answers, confidence } = models[model];
    const figures = classFigures(confusionOf(truth, answers, classes.length));
    return {
      model,
      figures,
      accuracy: sameShare(answers, truth),
      balanced: balancedAccuracy(figures),
      f1: macroF1(figures),
      ece: reliabilityOf(truth, answers, confidence).ece,
    };
  });
  const single = singleFlops(manifest);
  const singleText = single === undefined ? '—' : say.count(single);
  const flops = {
    cascade: say.count(2 * meanOf(day.macs)),
    teacher: '—',
    mlp: singleText,
    glnn: singleText,
  };
  const best = (of: (entry: (typeof measured)[number]) => number) => Math.max(...measured.map(of));
  const column = (of: (entry: (typeof measured)[number]) => number) => {
    const top = best(of);
    return (entry: (typeof measured)[number]): TableCell => ({
      text: say.percent(Math.abs(of(entry))),
      best: of(entry) === top,
    });
  };
  const columns = [
    column(({ accuracy }) => accuracy),
    column(({ balanced }) => balanced),
    column(({ f1 }) => f1),
    // The least is the best.
    column(({ ece }) => -ece),
  ];
  return [
    section('beside', w.beside),
    { kind: 'text', text: w.besideText(say) },
    {
      kind: 'table',
      caption: w.besideCaption(say),
      columns: w.besideColumns,
      rows: measured.map((entry) => ({
        name: words.models[entry.model],
        cells: [
          ...columns.map((of) => of(entry)),
          cell(flops[entry.model]),
          cell(entry.model === 'teacher' ? w.yes : w.no),
        ],
      })),
    },
    {
      kind: 'list',
      items: MODELS.slice(1).map((model) => {
        const other = models[model].classes;
        const [won, lost] = wonAndLost(truth, models.cascade.classes, other);
        return w.paired(say, words.models[model], say.count(won), say.count(lost));
      }),
    },
    {
      kind: 'table',
      caption: w.byClassCaption(say),
      columns: MODELS.map((model) => words.models[model]),
      rows: classes.map((name, c) => {
        const values = measured.map(({ figures }) => figures[c].f1);
        const top = Math.max(...values.map((value) => value ?? -1));
        return {
          name,
          cells: values.map(
            (value): TableCell => ({ text: say.percent(value), best: value === top }),
          ),
        };
      }),
    },
  ];
}
