// A drawing as wide as its place: text keeps its size on a phone and on a wall.
import { h } from '../dom.ts';

/** @param draw draws for a width in CSS pixels. */
export function fitted(draw: (width: number) => SVGElement): HTMLElement {
  const box = h('div', { class: 'fitted' });
  let drawn = 0;
  const observer = new ResizeObserver(([{ contentRect }]) => {
    const width = Math.floor(contentRect.width);
    if (width === drawn || width === 0) return;
    drawn = width;
    box.replaceChildren(draw(width));
  });
  observer.observe(box);
  return box;
}
