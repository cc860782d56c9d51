// Whether every asset, and every kind of machine, is treated as well.
import { heading } from '../../document.ts';
import { shareBars } from '../charts/share-bars.ts';
import { MODEL_LOOKS } from '../charts/styles.ts';
import { type Group, groupBy, MIN_GROUP } from '../facts/groups.ts';
import { shareInterval } from '../facts/interval.ts';
import type { RunFacts } from '../facts/run-facts.ts';
import { sameShare } from '../facts/stage-costs.ts';
import { cell, type RunBlock, section } from '../run-block.ts';
import type { Say } from '../say.ts';
import { FAILURE_WORDS } from './failure-words.ts';

/** More rows than a page holds. */
const MAX_ASSETS = 25;

const intervalOf = ({ right, members }: Group<unknown>) => shareInterval(right, members.length);

function groupRow(name: string, group: Group<unknown>, say: Say) {
  const [low, high] = intervalOf(group);
  const texts = [
    say.count(group.members.length),
    say.percent(group.accuracy),
    `${say.percent(low, 0)} – ${say.percent(high, 0)}`,
    say.percent(group.disagreement, 2),
    say.percent(group.macsShare),
  ];
  return { name, cells: texts.map((text) => cell(text)) };
}

export function fairnessSection(facts: RunFacts, say: Say): RunBlock[] {
  const w = FAILURE_WORDS[say.language];
  const { graph, split, grouped } = facts;
  const { places } = graph;
  const title = section('fairness', w.fairness);
  if (places === undefined) return [title, { kind: 'text', text: w.noAssets }];
  const worstFirst = <Key>(groups: Group<Key>[]) => groups.sort((a, b) => a.accuracy - b.accuracy);
  const assets = worstFirst(groupBy(grouped, (i) => places.asset[split.test[i]]));
  const kinds = worstFirst(groupBy(grouped, (i) => places.kinds[places.asset[split.test[i]]]));
  if (assets.length === 0) return [];
  const named = assets.map((group) => ({ name: places.assets[group.key], group }));
  const shown = named.slice(0, MAX_ASSETS);
  const mean = sameShare(grouped.classes, grouped.truth);
  // Of few nodes an extreme share is chance.
  const judged = named.filter(({ group }) => group.members.length >= MIN_GROUP);
  const [worst, best] = [judged.at(0) ?? named[0], judged.at(-1) ?? named[named.length - 1]];
  const inWords = ({ name, group }: typeof worst) => `${name} (${say.percent(group.accuracy)})`;
  const columns = w.fairColumns(say);
  const gap = say.points(best.group.accuracy - worst.group.accuracy).slice(1);
  return [
    title,
    {
      kind: 'text',
      text: w.fairText(say, {
        mean: say.percent(mean),
        best: inWords(best),
        worst: inWords(worst),
        gap,
      }),
    },
    {
      kind: 'charts',
      charts: [
        shareBars({
          id: `${say.language}-assets`,
          title: w.fairChart,
          alt: `${w.fairAlt}: ${shown.map(inWords).join('; ')}.`,
          rows: shown.map(({ name, group }) => ({
            name,
            bars: [
              {
                style: { ...MODEL_LOOKS.cascade, name: '' },
                share: group.accuracy,
                interval: intervalOf(group),
              },
            ],
          })),
          reference: mean,
        }),
      ],
    },
    {
      kind: 'table',
      caption: w.fairCaption(say, { shown: shown.length, all: assets.length, limit: MIN_GROUP }),
      columns,
      rows: shown.map(({ name, group }) => groupRow(name, group, say)),
    },
    ...(kinds.length < 2
      ? []
      : [
          heading(w.kinds, 3),
          {
            kind: 'table',
            caption: w.kindCaption,
            columns,
            rows: kinds.map((group) => groupRow(group.key ?? '', group, say)),
          } as const,
        ]),
  ];
}
