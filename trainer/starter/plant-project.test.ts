import { expect, test } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
import { projectSchema } from '../history/project/index.ts';
import { fillTemplate } from './fill-template.ts';
import { LANGUAGES } from './project-files.ts';
import { choicesOf, defaultsOf, keysOf, withChoice } from './testing/commented-yaml.ts';

const VALUES = { dir: 'my-line', model: 'my-line', timeZone: 'Asia/Tokyo', site: 'plant-1' };

const textOf = (name: string) => fillTemplate(`plant/${name}`, VALUES);

const project = (text: string) => projectSchema.parse(parse(text));

test.each(LANGUAGES)('everything below the line in plant.yaml is the default (%s)', (language) => {
  const text = textOf(`${language}/plant.yaml`);
  const [above] = text.split(/^# -{20,}$/m);
  expect(above.length).toBeLessThan(text.length);
  expect(project(above)).toEqual(project(text));
});

test.each(LANGUAGES)('every choice of plant.yaml can be made, and is one (%s)', (language) => {
  const text = textOf(`${language}/plant.yaml`);
  const asItIs = project(text);
  const choices = choicesOf(text);
  expect(choices.length).toBeGreaterThan(20);
  for (const choice of choices) {
    const chosen = project(withChoice(text, choice));
    const isDefault = /# (default|既定値)$/.test(choice.lines[0]);
    if (isDefault) expect(chosen, choice.lines[0]).toEqual(asItIs);
    else expect(chosen, choice.lines[0]).not.toEqual(asItIs);
  }
});

test.each(LANGUAGES)(
  'plant.yaml names every key of the schema and states every default (%s)',
  (language) => {
    const text = textOf(`${language}/plant.yaml`);
    const schema = z.toJSONSchema(projectSchema, { io: 'input', unrepresentable: 'any' });
    const keys = keysOf(schema);
    expect(keys.size).toBeGreaterThan(40);
    const named = (key: string) => new RegExp(`(^|[ {])${key}:`, 'm').test(text);
    expect([...keys].filter((key) => !named(key))).toEqual([]);
    const stated = defaultsOf(schema).filter(
      // UTC until the user says where the plant is; no unit until he says one.
      ({ key }) => key !== 'timeZone' && key !== 'unit',
    );
    expect(stated.length).toBeGreaterThan(8);
    for (const { key, value } of stated) {
      const lines = text
        .split('\n')
        .filter((line) => line.trim().replace(/^# /, '').startsWith(`${key}:`));
      const values = lines.map((line) => parse(line.trim().replace(/^# /, ''))[key]);
      expect(values, key).toContainEqual(value);
    }
  },
);

test('both languages of a file differ in their comments alone', () => {
  for (const path of ['plant.yaml', 'train.yaml', 'gateway.yaml']) {
    expect(parse(textOf(`ja/${path}`))).toEqual(parse(textOf(`en/${path}`)));
  }
  const { note: _, ...english } = parse(textOf('en/policy.yaml'));
  const { note: __, ...japanese } = parse(textOf('ja/policy.yaml'));
  expect(japanese).toEqual(english);
  const commands = (path: string) =>
    [...textOf(path).matchAll(/^(npx|mosquitto_sub) .*$/gm)].map(([command]) => command);
  expect(commands('README.ja.md')).toEqual(commands('README.md'));
  expect(commands('README.md').length).toBeGreaterThan(5);
});
