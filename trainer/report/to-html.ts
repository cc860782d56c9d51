// A report as one HTML file that needs nothing else: no script, no font, no network.
import type { Block, Report, TableCell } from './document.ts';
import { element, escapeText, inlineSvg, type Markup } from './svg.ts';
import { THEME_CSS } from './theme.ts';

/** Style of a page of blocks, beside `THEME_CSS`. */
export const PAGE_CSS = [
  ':root{color-scheme:light dark}',
  "body{margin:0;background:var(--paper-colour);color:var(--ink);font:16px/1.55 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif}",
  'main{max-width:1120px;margin:0 auto;padding:48px 24px 80px}',
  'h1{font-size:30px;line-height:1.2;margin:0 0 8px;letter-spacing:-.01em}',
  'h2{font-size:22px;margin:56px 0 8px;padding-top:20px;border-top:1px solid var(--grid)}',
  'h3{font-size:17px;margin:32px 0 4px}',
  'p,ul{max-width:74ch;margin:8px 0 16px}',
  '.summary{color:var(--soft);font-size:18px}',
  '.scroll{overflow-x:auto;margin:0 0 8px}',
  'table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:14.5px}',
  'figure{margin:20px 0 28px}',
  'figcaption{color:var(--soft);font-size:13.5px;max-width:80ch}',
  'th,td{padding:7px 16px 7px 0;text-align:right;vertical-align:top;border-bottom:1px solid var(--grid);white-space:nowrap}',
  'th:first-child{text-align:left;font-weight:500;padding-right:28px}',
  'thead th,thead td{font-weight:600;border-bottom:1.5px solid var(--soft)}',
  'td.best{font-weight:700}',
  'td small{display:block;font-weight:400;color:var(--soft);font-size:12px}',
  'td.missing{color:var(--soft)}',
  '.charts{display:flex;flex-wrap:wrap;gap:20px 24px;align-items:flex-start;margin:20px 0}',
  '.charts svg{max-width:100%;height:auto}',
  'footer{color:var(--soft);font-size:14px}',
  'footer h2{color:var(--ink)}',
  'footer ul{max-width:none;overflow-wrap:anywhere}',
  'code{font:13px ui-monospace,Menlo,monospace}',
  '@media print{main{padding:0;max-width:none}h2{break-after:avoid}svg,table,tr{break-inside:avoid}body{font-size:12px}}',
].join('');

function tableCell({ text, note, best, missing }: TableCell): Markup {
  if (missing) return element('td', { class: 'missing', title: 'not run yet' }, escapeText('—'));
  const small = note === undefined ? [] : [element('small', {}, escapeText(note))];
  return element('td', { class: best ? 'best' : undefined }, escapeText(text), ...small);
}

const columnHeading = (text: string) =>
  text === ''
    ? element('td', {}, ' ' as Markup)
    : element('th', { scope: 'col' }, escapeText(text));

export function blockMarkup(block: Block): Markup {
  switch (block.kind) {
    case 'heading':
      return element(`h${block.level}`, {}, escapeText(block.text));
    case 'text':
      return element('p', {}, escapeText(block.text));
    case 'list':
      return element('ul', {}, ...block.items.map((item) => element('li', {}, escapeText(item))));
    case 'table': {
      const rows = block.rows.map(({ name, cells }) =>
        element(
          'tr',
          {},
          element('th', { scope: 'row' }, escapeText(name)),
          ...cells.map(tableCell),
        ),
      );
      const head = element('tr', {}, ...['', ...block.columns].map(columnHeading));
      const table = element('table', {}, element('thead', {}, head), element('tbody', {}, ...rows));
      // A wide table scrolls by itself; it can be reached and scrolled with the keyboard.
      const area = { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': block.caption };
      return element(
        'figure',
        {},
        element('div', area, table),
        element('figcaption', {}, escapeText(block.caption)),
      );
    }
    case 'charts':
      return element('div', { class: 'charts' }, ...block.charts.map(inlineSvg));
  }
}

export function toHtml(report: Report): string {
  const body = element(
    'main',
    {},
    element('h1', {}, escapeText(report.title)),
    element('p', { class: 'summary' }, escapeText(report.summary)),
    ...report.blocks.map(blockMarkup),
    element(
      'footer',
      {},
      element('h2', {}, escapeText('How this was made')),
      element('ul', {}, ...report.provenance.map((line) => element('li', {}, escapeText(line)))),
    ),
  );
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width,initial-scale=1">',
    `<title>${escapeText(report.title)}</title>`,
    `<style>${THEME_CSS}${PAGE_CSS}</style>`,
    '</head>',
    `<body>${body}</body>`,
    '</html>',
    '',
  ].join('\n');
}
