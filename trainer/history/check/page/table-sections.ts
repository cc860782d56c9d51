// Channels, files and runs as tables, and the features with their reasons.
import { rowWidth } from '@dandan/shared/features';
import { windowText } from '../describe-history.ts';
import { gapText } from '../describe-telemetry.ts';
import { countText, lengthText, percentText, timeText, valueText } from '../figures.ts';
import type { HistoryFacts } from '../history-facts.ts';
import { openChoices } from '../open-choices.ts';
import type { PageBlock } from './page-block.ts';
import { type Language, PAGE_WORDS } from './words.ts';

/** Rows of a table that a reader may still look through. */
const MAX_ROWS = 100;

type Section = (facts: HistoryFacts, language: Language) => PageBlock[];

const cells = (texts: readonly string[]) => texts.map((text) => ({ text }));

export const channelSection: Section = ({ summary, project }, language) => {
  const words = PAGE_WORDS[language];
  return [
    { kind: 'section', id: 'channels', title: words.channels },
    {
      kind: 'table',
      caption: words.channelCaption,
      columns: words.channelColumns,
      rows: summary.channels.map((channel) => ({
        name: channel.name,
        cells: cells([
          channel.unit || words.none,
          countText(channel.assets.length),
          countText(channel.count),
          channel.typicalIntervalMs === undefined
            ? words.none
            : lengthText(channel.typicalIntervalMs),
          ...(channel.count === 0
            ? [words.none, words.none, words.none]
            : [channel.minimum, channel.median, channel.maximum].map(valueText)),
          percentText(channel.missingShare),
          channel.gaps.count === 0 ? words.none : gapText(channel, project.timeZone),
        ]),
      })),
    },
  ];
};

export const featureSection: Section = (facts, language) => {
  const { spec } = facts;
  const words = PAGE_WORDS[language];
  if (spec === undefined) return [];
  const open = openChoices(facts);
  return [
    { kind: 'section', id: 'features', title: words.features },
    { kind: 'text', text: words.featuresText(countText(rowWidth(spec)), windowText(spec)) },
    ...(open.length === 0
      ? []
      : [
          { kind: 'text' as const, text: words.proposedText },
          {
            kind: 'list' as const,
            items: open.map(({ setting, value, reason }) => `${setting}: ${value} — ${reason}`),
          },
        ]),
  ];
};

export const fileSection: Section = ({ summary, project }, language) => {
  const words = PAGE_WORDS[language];
  const when = (time: number | undefined) =>
    time === undefined ? words.none : timeText(time, project.timeZone);
  const left = summary.files.length - MAX_ROWS;
  return [
    { kind: 'section', id: 'files', title: words.files },
    {
      kind: 'table',
      caption: words.fileCaption,
      columns: words.fileColumns,
      rows: summary.files.slice(0, MAX_ROWS).map((file) => ({
        name: file.name,
        cells: cells([
          file.layout ?? words.none,
          countText(file.rows),
          when(file.firstTime),
          when(file.lastTime),
          countText(file.refusedRows),
          countText(file.duplicates),
          countText(file.outOfOrder),
        ]),
      })),
    },
    ...(left > 0 ? [{ kind: 'text' as const, text: words.moreProblems(countText(left)) }] : []),
  ];
};

export const runSection: Section = ({ summary, project }, language) => {
  const words = PAGE_WORDS[language];
  const { runs } = summary;
  if (runs.length < 2) return [];
  const left = runs.length - MAX_ROWS;
  return [
    { kind: 'section', id: 'runs', title: words.runs },
    {
      kind: 'table',
      caption: words.runCaption,
      columns: words.runColumns,
      rows: runs.slice(0, MAX_ROWS).map(({ name, set, readings, firstTime, lastTime }) => ({
        name,
        cells: cells([
          set ?? words.none,
          countText(readings),
          timeText(firstTime, project.timeZone),
          lengthText(lastTime - firstTime),
        ]),
      })),
    },
    ...(left > 0 ? [{ kind: 'text' as const, text: words.moreProblems(countText(left)) }] : []),
  ];
};
