// SVG as text: elements, escaping and the frame that makes a chart readable to people
// who cannot see it, on paper and in the dark.
import { THEME_CSS } from './theme.ts';

/** Markup that is already escaped. */
export type Markup = string & { readonly markup: unique symbol };

type Attributes = Readonly<Record<string, string | number | undefined>>;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text that is safe in HTML, in SVG and in their attributes. */
export function escapeText(text: string): Markup {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character]) as Markup;
}

/** A tenth of a pixel is finer than any screen shows; more digits only make files longer. */
const shorten = (value: number) => String(Math.round(value * 10) / 10);

/** An element; `undefined` attributes are left out, numbers are in pixels. */
export function element(
  name: string,
  attributes: Attributes = {},
  ...children: readonly Markup[]
): Markup {
  const written = Object.entries(attributes).map(([key, value]) => {
    if (value === undefined) return '';
    const text = typeof value === 'number' ? shorten(value) : escapeText(value);
    return ` ${key}="${text}"`;
  });
  const inner = children.join('');
  const open = `<${name}${written.join('')}`;
  return (inner === '' ? `${open}/>` : `${open}>${inner}</${name}>`) as Markup;
}

/** A text element. */
export const label = (text: string, attributes: Attributes): Markup =>
  element('text', attributes, escapeText(text));

/** A chart: its size, its words for people who cannot see it, and its marks. */
export interface Chart {
  /** Unique within a report; the file name of the chart. */
  readonly id: string;
  readonly title: string;
  /** What the chart says, for a screen reader: the figures, not the shape. */
  readonly alt: string;
  readonly width: number;
  readonly height: number;
  readonly marks: readonly Markup[];
}

function frame(chart: Chart, style: readonly Markup[]): Markup {
  const { id, title, alt, width, height, marks } = chart;
  const attributes = {
    xmlns: 'http://www.w3.org/2000/svg',
    class: 'chart',
    role: 'img',
    viewBox: `0 0 ${width} ${height}`,
    width,
    height,
    'aria-labelledby': `${id}-title ${id}-alt`,
  };
  return element(
    'svg',
    attributes,
    element('title', { id: `${id}-title` }, escapeText(title)),
    element('desc', { id: `${id}-alt` }, escapeText(alt)),
    ...style,
    ...marks,
  );
}

/** For a page that holds the theme itself. */
export const inlineSvg = (chart: Chart): Markup => frame(chart, []);

/** A file of its own, with its theme and background. */
export function standaloneSvg(chart: Chart): string {
  const { width, height } = chart;
  const background = element('rect', { class: 'paper', x: 0, y: 0, width, height });
  return `${frame(chart, [element('style', {}, THEME_CSS as Markup), background])}\n`;
}
