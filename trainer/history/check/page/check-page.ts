// What a check found as one HTML page that needs nothing else: no script, no font, no network. Both
// languages are in it; a pair of radio buttons shows one of them.
import type { Issue } from '../../../data/issues.ts';
import { element, escapeText, type Markup } from '../../../report/svg.ts';
import { THEME_CSS } from '../../../report/theme.ts';
import { blockMarkup, PAGE_CSS } from '../../../report/to-html.ts';
import { reachOf } from '../describe-history.ts';
import { countText, percentText, timeText } from '../figures.ts';
import type { HistoryFacts } from '../history-facts.ts';
import { issueText } from '../issue-text.ts';
import { labelSection } from './label-section.ts';
import type { PageBlock } from './page-block.ts';
import { CHECK_CSS } from './page-css.ts';
import { channelSection, featureSection, fileSection, runSection } from './table-sections.ts';
import { timelineSection } from './timeline-section.ts';
import { topologySection } from './topology-section.ts';
import { LANGUAGES, type Language, PAGE_WORDS } from './words.ts';

export interface CheckPageOptions {
  readonly facts: HistoryFacts;
  readonly issues: readonly Issue[];
  /** How many there are in all. */
  readonly issueCount: number;
  readonly notes: readonly string[];
}

const NAMES: Readonly<Record<Language, string>> = { en: 'English', ja: '日本語' };

/** Nothing may be fetched from anywhere, whatever a name in the data tries. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

function markupOf(block: PageBlock, language: Language): Markup {
  switch (block.kind) {
    case 'section':
      return element('h2', { id: `${language}-${block.id}-section` }, escapeText(block.title));
    case 'tiles':
      return element(
        'dl',
        { class: 'tiles' },
        ...block.tiles.map(({ value, name }) =>
          element(
            'div',
            {},
            element('dt', {}, escapeText(name)),
            element('dd', {}, escapeText(value)),
          ),
        ),
      );
    case 'notes':
      return element(
        'section',
        { class: `notes ${block.tone}` },
        element('h2', {}, escapeText(block.title)),
        element('ul', {}, ...block.items.map((item) => element('li', {}, escapeText(item)))),
      );
    default:
      return blockMarkup(block);
  }
}

function tilesOf({ telemetry, windows }: HistoryFacts, language: Language): PageBlock {
  const { tiles } = PAGE_WORDS[language];
  const total = windows?.labels.length ?? 0;
  const labelled = windows?.labels.filter((label) => label >= 0).length ?? 0;
  return {
    kind: 'tiles',
    tiles: [
      { value: countText(telemetry.assets.length), name: tiles.assets },
      { value: countText(telemetry.channels.length), name: tiles.channels },
      { value: countText(telemetry.runs.length), name: tiles.runs },
      { value: countText(total), name: tiles.windows },
      { value: total === 0 ? '—' : percentText(labelled / total), name: tiles.labelled },
    ],
  };
}

function findings(options: CheckPageOptions, language: Language): PageBlock[] {
  const { issues, issueCount, notes } = options;
  const words = PAGE_WORDS[language];
  const more = issueCount - issues.length;
  const items = [
    ...issues.map((issue) => issueText(issue, words)),
    ...(more > 0 ? [words.moreProblems(countText(more))] : []),
  ];
  return [
    ...(items.length === 0
      ? []
      : [{ kind: 'notes', tone: 'problem', title: words.problems, items } as const]),
    ...(notes.length === 0
      ? []
      : [{ kind: 'notes', tone: 'note', title: words.notes, items: notes } as const]),
  ];
}

function bodyOf(options: CheckPageOptions, language: Language): Markup {
  const { facts, issueCount } = options;
  const words = PAGE_WORDS[language];
  const { timeZone, model } = facts.project;
  const count = countText(issueCount);
  const problems = language === 'en' ? `${count} problem${issueCount === 1 ? '' : 's'}` : count;
  const reach = reachOf(facts)?.map((time) => timeText(time, timeZone));
  const blocks = [
    tilesOf(facts, language),
    ...findings(options, language),
    ...labelSection(facts, language),
    ...timelineSection(facts, language),
    ...topologySection(facts, language),
    ...channelSection(facts, language),
    ...featureSection(facts, language),
    ...runSection(facts, language),
    ...fileSection(facts, language),
  ];
  return element(
    'main',
    { lang: language, class: language },
    element('h1', {}, escapeText(words.title(model))),
    element(
      'p',
      { class: 'summary' },
      escapeText(issueCount === 0 ? words.good : words.bad(problems)),
    ),
    ...(reach === undefined
      ? []
      : [element('p', {}, escapeText(words.reach(reach[0], reach[1], timeZone)))]),
    ...blocks.map((block) => markupOf(block, language)),
  );
}

const radio = (language: Language, isFirst: boolean): Markup =>
  `<input type="radio" name="language" id="show-${language}"${isFirst ? ' checked' : ''}><label for="show-${language}" lang="${language}">${NAMES[language]}</label>` as Markup;

/** The whole page. */
export function checkPage(options: CheckPageOptions): string {
  const title = PAGE_WORDS.en.title(options.facts.project.model);
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
    '<meta name="viewport" content="width=device-width,initial-scale=1">',
    `<title>${escapeText(title)}</title>`,
    `<style>${THEME_CSS}${PAGE_CSS}${CHECK_CSS}</style>`,
    '</head>',
    '<body>',
    ...LANGUAGES.map((language, i) => radio(language, i === 0)),
    ...LANGUAGES.map((language) => bodyOf(options, language)),
    '</body>',
    '</html>',
    '',
  ].join('\n');
}
