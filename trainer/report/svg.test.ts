import { expect, test } from 'vitest';
import { element, escapeText, inlineSvg, label, standaloneSvg } from './svg.ts';

test('escapeText() leaves nothing that could end a tag or an attribute', () => {
  expect(escapeText(`<b a="1" c='2'>&`)).toBe('&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;');
});

test('element() leaves out what is undefined and rounds pixels', () => {
  expect(element('line', { x1: 1.26, y1: undefined, class: 'a' })).toBe(
    '<line x1="1.3" class="a"/>',
  );
  expect(label('5 < 6', { x: 1 })).toBe('<text x="1">5 &lt; 6</text>');
});

const CHART = { id: 'one', title: 'A & B', alt: 'says 3', width: 20, height: 10, marks: [] };

test('inlineSvg() names the chart and describes it for those who cannot see it', () => {
  const svg = inlineSvg(CHART);
  expect(svg).toContain('role="img"');
  expect(svg).toContain('aria-labelledby="one-title one-alt"');
  expect(svg).toContain('<title id="one-title">A &amp; B</title>');
  expect(svg).toContain('<desc id="one-alt">says 3</desc>');
  expect(svg).not.toContain('<style>');
});

test('standaloneSvg() brings its colours for light, dark and paper', () => {
  const svg = standaloneSvg(CHART);
  expect(svg).toContain('prefers-color-scheme:dark');
  expect(svg).toContain('@media print');
  expect(svg).toContain('class="paper"');
});
