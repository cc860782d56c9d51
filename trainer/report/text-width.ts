// How wide a text of 12 px is: what a chart leaves room for, since SVG cannot lay out text itself.

/** Mean width of a character, measured over the names in use. */
export const CHARACTER = 6.9;

/** Han, kana, Hangul and full-width forms are as wide as they are high. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/u;
const WIDE_CHARACTER = 12;

const widthOf = (character: string) => (WIDE.test(character) ? WIDE_CHARACTER : CHARACTER);

/** Pixels at 12 px. */
export function textWidth(text: string): number {
  let width = 0;
  for (const character of text) width += widthOf(character);
  return width;
}

/** The text, or as much of its begin as fits `pixels`, with an ellipsis. */
export function cutToWidth(text: string, pixels: number): string {
  if (textWidth(text) <= pixels) return text;
  let width = CHARACTER;
  let kept = '';
  for (const character of text) {
    width += widthOf(character);
    if (width > pixels) break;
    kept += character;
  }
  return `${kept}…`;
}
