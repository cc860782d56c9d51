// Elements as plain function calls; text is always text, never markup.

type Child = Node | string | number | null | undefined | false;
export type Children = readonly (Child | Children)[];

type Handler = (event: Event) => void;

/** `class`, `href`, …; a function is a listener: `onclick`. `true` is an attribute without a value. */
export type Attributes = Readonly<Record<string, string | number | boolean | undefined | Handler>>;

function append(parent: Element, children: Children): void {
  for (const child of children) {
    if (Array.isArray(child)) append(parent, child);
    else if (child instanceof Node) parent.append(child);
    else if (typeof child === 'string' || typeof child === 'number') parent.append(String(child));
  }
}

function decorate<E extends Element>(element: E, attributes: Attributes, children: Children): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.slice('on'.length), value);
    else if (value === true) element.setAttribute(name, '');
    else if (value !== undefined && value !== false) element.setAttribute(name, String(value));
  }
  append(element, children);
  return element;
}

/** An HTML element. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Children
): HTMLElementTagNameMap[K] {
  return decorate(document.createElement(tag), attributes, children);
}

const SVG = 'http://www.w3.org/2000/svg';

/** An SVG element. */
export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Children
): SVGElementTagNameMap[K] {
  return decorate(document.createElementNS(SVG, tag), attributes, children);
}
