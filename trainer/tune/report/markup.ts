// Text to markup: elements of SVG and HTML with their text made harmless.

/** Attribute values; `undefined` leaves the attribute out. */
export type Attributes = Readonly<Record<string, string | number | undefined>>;

export function escapeText(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** A tenth of a pixel is finer than any screen; more digits only cost bytes. */
const short = (value: string | number) =>
  typeof value === 'number' ? String(Math.round(value * 10) / 10) : escapeText(value);

/** One element; `children` are markup already. */
export function element(name: string, attributes: Attributes = {}, ...children: string[]): string {
  const stated = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [` ${key}="${short(value)}"`],
  );
  return `<${name}${stated.join('')}>${children.join('')}</${name}>`;
}
