// MQTT topic filters: + stands for one level, # for all levels that follow.

/** What several subscribers share (MQTT 5, section 4.8.2): topics do not carry it. */
const SHARED = /^\$share\/[^/]+\//;

/** A predicate on topics for `filter` (MQTT 5, section 4.7). */
export function createTopicFilter(filter: string): (topic: string) => boolean {
  const levels = filter.replace(SHARED, '').split('/');
  const open = levels.at(-1) === '#';
  const fixed = open ? levels.slice(0, -1) : levels;
  if (!fixed.includes('+')) {
    const prefix = fixed.join('/');
    // `a/#` also matches `a` itself.
    return (topic) =>
      topic === prefix || (open && (fixed.length === 0 || topic.startsWith(`${prefix}/`)));
  }
  return (topic) => {
    const own = topic.split('/');
    const fits = open ? own.length >= fixed.length : own.length === fixed.length;
    return fits && fixed.every((level, depth) => level === '+' || level === own[depth]);
  };
}
