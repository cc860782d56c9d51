// Misspelt keys of sections that take others too: nobody would read them, and nobody would say so.

import { nearestNames, sharedStart } from '../../config/nearest-names.ts';
import type { YamlFile } from '../../config/read-yaml.ts';
import type { Issue } from '../../data/issues.ts';
import { knownKeys } from './known-keys.ts';
import type { PlantProject } from './schema.ts';

/** `hold` and `holdMs` share so many; keys that mean different things share fewer. */
const MISSPELT_LETTERS = 4;

/** A problem for every key of `channels` and `features` that begins like another and is unknown. */
export function unreadKeys(yaml: YamlFile, { channels = [], features }: PlantProject): Issue[] {
  const sections: (readonly [path: readonly PropertyKey[], section: object])[] = [
    ...channels.map((channel, index) => [['channels', index], channel] as const),
    [['features'], features ?? {}],
  ];
  return sections.flatMap(([path, section]) => {
    const known = knownKeys(path);
    return Object.keys(section)
      .filter((key) => !known.includes(key))
      .filter((key) => sharedStart(key, nearestNames(key, known)[0] ?? '') >= MISSPELT_LETTERS)
      .map((key): Issue => {
        const at = [...path, key];
        const field = `${yaml.name}:${yaml.lineOf(at)}:${at.map(String).join('.')}`;
        return {
          code: 'config-invalid',
          message: `${field} is not known`,
          field,
          value: yaml.valueAt(at),
          allowed: `one of ${nearestNames(key, known).join(', ')}`,
        };
      });
  });
}
