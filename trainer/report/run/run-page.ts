// Reports of a run as one HTML page that needs nothing else: no script, no font, no network. Both
// languages are in it; a pair of radio buttons shows one of them.
import { element, escapeText, type Markup } from '../svg.ts';
import { THEME_CSS } from '../theme.ts';
import { blockMarkup, PAGE_CSS } from '../to-html.ts';
import type { RunBlock } from './run-block.ts';
import { RUN_CSS } from './run-css.ts';
import type { RunReport } from './run-report.ts';
import type { Language } from './say.ts';

const NAMES: Readonly<Record<Language, string>> = { en: 'English', ja: '日本語' };
const CONTENTS: Readonly<Record<Language, string>> = { en: 'Contents', ja: '目次' };

/** Nothing may be fetched from anywhere, whatever a name in the data tries. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

function markupOf(block: RunBlock, language: Language): Markup {
  switch (block.kind) {
    case 'section':
      return element(
        'h2',
        {
          id: `${language}-${block.id}-section`,
          class: block.opens === 'part' ? 'part' : undefined,
        },
        escapeText(block.title),
      );
    case 'tiles':
      return element(
        'dl',
        // Five stand in one row of a desktop, more in rows of four.
        { class: block.tiles.length > 5 ? 'tiles' : 'tiles few' },
        ...block.tiles.map(({ value, name, note }) =>
          element(
            'div',
            {},
            element('dt', {}, escapeText(name)),
            element('dd', { class: 'value' }, escapeText(value)),
            element('dd', {}, escapeText(note)),
          ),
        ),
      );
    case 'notes':
      return element(
        'section',
        { class: 'notes' },
        element('h2', {}, escapeText(block.title)),
        element('ul', {}, ...block.items.map((item) => element('li', {}, escapeText(item)))),
      );
    case 'facts':
      return element(
        'dl',
        { class: 'facts' },
        ...block.facts.flatMap(([name, text]) => [
          element('dt', {}, escapeText(name)),
          element('dd', {}, escapeText(text)),
        ]),
      );
    default:
      return blockMarkup(block);
  }
}

function contents({ blocks, language }: RunReport): Markup {
  const links = blocks.flatMap((block) =>
    block.kind === 'section'
      ? [
          element(
            'li',
            {},
            element('a', { href: `#${language}-${block.id}-section` }, escapeText(block.title)),
          ),
        ]
      : [],
  );
  return element('nav', { 'aria-label': CONTENTS[language] }, element('ol', {}, ...links));
}

function body(report: RunReport): Markup {
  const { language, title, blocks } = report;
  // The summary ends where the first section begins.
  const begin = blocks.findIndex(({ kind }) => kind === 'section');
  const part = (some: readonly RunBlock[]) => some.map((block) => markupOf(block, language));
  return element(
    'main',
    { lang: language, class: language },
    element('h1', {}, escapeText(title)),
    ...part(blocks.slice(0, begin)),
    contents(report),
    ...part(blocks.slice(begin)),
  );
}

const radio = (language: Language, first: boolean): Markup =>
  `<input type="radio" name="language" id="show-${language}"${first ? ' checked' : ''}><label for="show-${language}" lang="${language}">${NAMES[language]}</label>` as Markup;

/** @param reports one for each language; the first is shown until a reader chooses. */
export function toRunPage(reports: readonly RunReport[]): string {
  const [first] = reports;
  const shown = reports.map(({ language }) => language);
  return [
    '<!doctype html>',
    `<html lang="${first.language}">`,
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
    '<meta name="viewport" content="width=device-width,initial-scale=1">',
    `<title>${escapeText(first.title)}</title>`,
    `<style>${THEME_CSS}${PAGE_CSS}${RUN_CSS}</style>`,
    '</head>',
    '<body>',
    ...(shown.length > 1 ? shown.map((language, i) => radio(language, i === 0)) : []),
    ...reports.map(body),
    '</body>',
    '</html>',
    '',
  ].join('\n');
}
