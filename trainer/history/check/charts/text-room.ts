// How much room a text of 12 px takes; SVG cannot lay out text itself.

/** Mean width of a letter, and of a Han character or kana, which are as wide as they are high. */
const LETTER = 6.9;
const WIDE_LETTER = 12;
const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60]/u;

/** Pixels at 12 px. */
export function textRoom(text: string): number {
  let room = 0;
  for (const letter of text) room += WIDE.test(letter) ? WIDE_LETTER : LETTER;
  return room;
}

/** The text, or as much of its begin as has room, with an ellipsis. */
export function cutToRoom(text: string, room: number): string {
  if (textRoom(text) <= room) return text;
  let kept = '';
  for (const letter of text) {
    if (textRoom(`${kept}${letter}…`) > room) break;
    kept += letter;
  }
  return `${kept}…`;
}
