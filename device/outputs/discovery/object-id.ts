// Names as levels of Home Assistant's discovery topics, which know letters, digits, _ and - alone.

const escapeName = (name: string) =>
  name.replaceAll(/[^A-Za-z0-9-]/g, (character) =>
    // Topic levels are ASCII: two hex digits hold any of their characters.
    character === '_' ? '__' : `_${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );

/** One name of several, different for different names: `_-` stands in none of them. */
export const objectId = (...names: readonly string[]): string => names.map(escapeName).join('_-');
