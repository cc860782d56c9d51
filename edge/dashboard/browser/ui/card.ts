// Boxes of a page.
import { type Children, h } from '../dom.ts';

/** A section with a heading. */
export function card(title: string, ...children: Children): HTMLElement {
  return h('section', { class: 'card' }, h('h2', {}, title), children);
}

/** One figure with its name and what it means. */
export function figure(options: {
  readonly name: string;
  readonly value: string;
  readonly hint?: string;
  /** @default {'plain'} */
  readonly tone?: 'plain' | 'good' | 'bad';
}): HTMLElement {
  const { name, value, hint, tone = 'plain' } = options;
  return h(
    'div',
    { class: `figure ${tone}` },
    h('p', { class: 'name' }, name),
    h('p', { class: 'value' }, value),
    hint !== undefined && h('p', { class: 'hint' }, hint),
  );
}

/** A word in a box of its own colour; the word says it, the colour helps. */
export function badge(
  word: string,
  tone: 'plain' | 'good' | 'bad' | 'busy' = 'plain',
): HTMLElement {
  return h('span', { class: `badge ${tone}` }, word);
}

export const nothing = (words: string): HTMLElement => h('p', { class: 'nothing' }, words);
