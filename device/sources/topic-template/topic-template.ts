// Topics with named levels: factory/{line}/{asset}/{channel}.

/** Plants nest site, area, line, cell, machine and signal; brokers bound topics to 64 kB. */
export const MAX_TOPIC_LEVELS = 32;
export const MAX_TOPIC_LENGTH = 512;

type Level =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'part'; readonly name: string }
  | { readonly kind: 'any' };

export interface TopicTemplate {
  readonly levels: readonly Level[];
  /** It ended with #: any number of levels may follow. */
  readonly open: boolean;
  /** Names of its named levels. */
  readonly parts: readonly string[];
  /** The subscription that brings its topics. */
  readonly filter: string;
}

/** What a topic may be, in words. */
export const TOPIC_WORDS =
  'levels of text, {name} (letters and digits, each once) or +, and # as the last, as in factory/{line}/{asset}/#';

const PART = /^\{([A-Za-z][A-Za-z0-9]{0,31})\}$/;

function parseLevel(text: string): Level | undefined {
  if (text === '+') return { kind: 'any' };
  const name = PART.exec(text)?.[1];
  if (name !== undefined) return { kind: 'part', name };
  return /[+#{}\0]/.test(text) ? undefined : { kind: 'text', text };
}

/** The template that `text` says; `undefined` where it is none. */
export function parseTopicTemplate(text: string): TopicTemplate | undefined {
  const texts = text.split('/');
  const open = texts.at(-1) === '#';
  const levels = (open ? texts.slice(0, -1) : texts).map(parseLevel);
  const fits = text.length <= MAX_TOPIC_LENGTH && texts.length <= MAX_TOPIC_LEVELS;
  if (text === '' || !fits || !levels.every((level) => level !== undefined)) return undefined;
  const parts = levels.flatMap((level) => (level.kind === 'part' ? [level.name] : []));
  if (new Set(parts).size < parts.length) return undefined;
  const own = levels.map((level) => (level.kind === 'text' ? level.text : '+'));
  return { levels, open, parts, filter: [...own, ...(open ? ['#'] : [])].join('/') };
}

/** The named levels of `topic`; `undefined` where the template does not fit it. */
export function matchTopic(
  { levels, open }: TopicTemplate,
  topic: string,
): Record<string, string> | undefined {
  const texts = topic.split('/');
  if (open ? texts.length < levels.length : texts.length !== levels.length) return undefined;
  // Wildcards leave the broker's own topics ($SYS) out (MQTT 5, section 4.7.2).
  if (topic.startsWith('$') && levels[0]?.kind !== 'text') return undefined;
  const parts: Record<string, string> = {};
  for (const [depth, level] of levels.entries()) {
    if (level.kind === 'text' && level.text !== texts[depth]) return undefined;
    if (level.kind === 'part') parts[level.name] = texts[depth];
  }
  return parts;
}
