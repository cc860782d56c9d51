// Reads a page as a person does: its text in one language, its tables by their captions.
import type { Language } from '../say.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
};

export const plainText = (markup: string): string =>
  markup
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/&(amp|lt|gt|quot|#39);/g, (entity) => ENTITIES[entity])
    .replaceAll('\u00a0', ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();

/** Markup of the page in one language. */
export function languagePart(html: string, language: Language): string {
  const begin = html.indexOf(`<main lang="${language}"`);
  return html.slice(begin, html.indexOf('</main>', begin));
}

/** A cell; an empty one closes itself. */
const CELL = /<t[hd](?: [^>]*?)?(?:\/>|>(.*?)<\/t[hd]>)/g;

/** Rows of the table whose caption begins so: first the name, then the cells. */
export function tableRows(markup: string, caption: string): string[][] {
  const figure = markup
    .split('<figure>')
    .find((part) => plainText(part.split('<figcaption>')[1] ?? '').startsWith(caption));
  if (figure === undefined) throw new Error(`No table '${caption}'`);
  const body = figure.slice(figure.indexOf('<tbody>'), figure.indexOf('</tbody>'));
  return body
    .split('<tr>')
    .slice(1)
    .map((row) => [...row.matchAll(CELL)].map(([, inner = '']) => plainText(inner)));
}
