// Labels by class, set and machine.
import { classBars } from '../charts/class-bars.ts';
import { type ClassRow, classRows } from '../class-rows.ts';
import { countText, lengthText } from '../figures.ts';
import type { HistoryFacts } from '../history-facts.ts';
import type { PageBlock } from './page-block.ts';
import { type Language, PAGE_WORDS, type PageWords } from './words.ts';

/** A table of more machines is wider than any page. */
const MAX_ASSETS = 12;

/** Train, validation and test, then the rest. */
function partsOf({ windows, sets = [0, 0, 0] }: ClassRow): number[] {
  return [...sets, windows - sets.reduce((a, b) => a + b, 0)];
}

function drawBars(rows: readonly ClassRow[], words: PageWords, language: Language): PageBlock {
  return {
    kind: 'charts',
    charts: [
      classBars({
        id: `${language}-classes`,
        title: words.barsTitle,
        alt: rows.map(({ name, windows }) => `${name} ${windows}`).join(', '),
        parts: words.parts,
        rows: rows.map((row) => ({ name: row.name, counts: partsOf(row) })),
      }),
    ],
  };
}

export function labelSection(facts: HistoryFacts, language: Language): PageBlock[] {
  const words = PAGE_WORDS[language];
  const rows = classRows(facts);
  const heading = { kind: 'section', id: 'labels', title: words.labels } as const;
  if (rows.length === 0) return [heading, { kind: 'text', text: words.noLabels }];
  const assets = facts.telemetry.assets.slice(0, MAX_ASSETS);
  const { split } = facts;
  return [
    heading,
    { kind: 'text', text: words.labelsText },
    ...(facts.windows === undefined ? [] : [drawBars(rows, words, language)]),
    {
      kind: 'table',
      caption: words.classCaption,
      columns: [...words.classColumns, ...assets],
      rows: rows.map(({ name, intervals, lengthMs, windows, byAsset }) => ({
        name,
        cells: [
          countText(intervals),
          lengthText(lengthMs),
          countText(windows),
          ...assets.map((_, i) => countText(byAsset[i] ?? 0)),
        ].map((text) => ({ text })),
      })),
    },
    ...(split === undefined
      ? []
      : [
          {
            kind: 'text' as const,
            text: words.splitText(
              countText(split.train.length),
              countText(split.validation.length),
              countText(split.test.length),
              countText(split.unlabelled.length),
            ),
          },
        ]),
  ];
}
