// A report as Markdown, with its charts as SVG files beside it.
import type { Block, Report, TableCell } from './document.ts';

/** A pipe would end a table's cell; a class name may look like HTML. */
const plain = (text: string) =>
  text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('\n', ' ');

function cellText({ text, note, best, missing }: TableCell): string {
  if (missing) return '—';
  const own = best ? `**${plain(text)}**` : plain(text);
  return note === undefined ? own : `${own} (${plain(note)})`;
}

function blockText(block: Block, charts: string): string {
  switch (block.kind) {
    case 'heading':
      return `${'#'.repeat(block.level)} ${block.text}`;
    case 'text':
      return block.text;
    case 'list':
      return block.items.map((item) => `- ${item}`).join('\n');
    case 'table': {
      const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
      const lines = [
        row(['', ...block.columns.map(plain)]),
        row(['---', ...block.columns.map(() => '---:')]),
        ...block.rows.map(({ name, cells }) => row([plain(name), ...cells.map(cellText)])),
      ];
      return `${lines.join('\n')}\n\n*${block.caption}*`;
    }
    case 'charts':
      return block.charts
        .map(({ id, alt }) => `![${plain(alt).replaceAll(/[[\]]/g, '')}](${charts}/${id}.svg)`)
        .join('\n');
  }
}

/** @param charts folder of the charts, relative to the Markdown file. */
export function toMarkdown(report: Report, charts: string): string {
  return [
    `# ${report.title}`,
    report.summary,
    ...report.blocks.map((block) => blockText(block, charts)),
    '## How this was made',
    report.provenance.map((line) => `- ${line}`).join('\n'),
    '',
  ].join('\n\n');
}
