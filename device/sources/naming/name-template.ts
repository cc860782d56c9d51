// Names put together of named parts: '{line}-{asset}'.

/** Room for a few parts and what joins them. */
export const MAX_TEMPLATE_LENGTH = 256;

export type NameTemplate = readonly (
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'part'; readonly name: string }
)[];

const PIECE = /\{([A-Za-z][A-Za-z0-9]*)\}|([^{}]+)/y;

/** The template that `text` says, or what it may be, in words. */
export function parseNameTemplate(text: string, parts: readonly string[]): NameTemplate | string {
  const known = parts.length === 0 ? 'there are none' : parts.map((part) => `{${part}}`).join(' ');
  const allowed = `text with parts in braces; parts: ${known}`;
  if (text === '' || text.length > MAX_TEMPLATE_LENGTH) return allowed;
  const pieces: NameTemplate[number][] = [];
  PIECE.lastIndex = 0;
  for (let at = 0; at < text.length; at = PIECE.lastIndex) {
    const match = PIECE.exec(text);
    if (match === null) return allowed;
    const [, name, plain] = match;
    if (name === undefined) pieces.push({ kind: 'text', text: plain });
    else if (parts.includes(name)) pieces.push({ kind: 'part', name });
    else return allowed;
  }
  return pieces;
}

/** The name that `template` gives with these parts. */
export function fillNameTemplate(
  template: NameTemplate,
  parts: Readonly<Record<string, string>>,
): string {
  let name = '';
  for (const piece of template) name += piece.kind === 'text' ? piece.text : parts[piece.name];
  return name;
}
