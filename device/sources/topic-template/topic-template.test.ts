import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createTopicFilter } from '../../mqtt/topic-filter.ts';
import { MAX_TOPIC_LEVELS, matchTopic, parseTopicTemplate } from './index.ts';

function parse(text: string) {
  const template = parseTopicTemplate(text);
  if (template === undefined) throw new Error(`no template: ${text}`);
  return template;
}

test.each([
  ['factory/{line}/{asset}', 'factory/l1/press', { line: 'l1', asset: 'press' }],
  ['factory/{line}/{asset}', 'factory/l1', undefined],
  ['factory/{line}/{asset}', 'factory/l1/press/x', undefined],
  ['factory/{line}/{asset}', 'plant/l1/press', undefined],
  ['factory/+/{asset}', 'factory/l1/press', { asset: 'press' }],
  ['factory/{asset}/#', 'factory/press', { asset: 'press' }],
  ['factory/{asset}/#', 'factory/press/a/b', { asset: 'press' }],
  ['factory/{asset}/#', 'factory', undefined],
  ['/{asset}', '/press', { asset: 'press' }],
  ['{asset}', '', { asset: '' }],
  ['#', 'a/b', {}],
  ['#', '$SYS/uptime', undefined],
  ['{a}/uptime', '$SYS/uptime', undefined],
  ['$SYS/{a}', '$SYS/uptime', { a: 'uptime' }],
])('matchTopic() of %s on %s', (text, topic, expected) => {
  expect(matchTopic(parse(text), topic)).toEqual(expected);
});

test.each([
  '',
  'a/#/b',
  'a/b#',
  'a+/b',
  '{a}/{a}',
  'x{a}',
  '{a}{b}',
  '{}',
  '{1a}',
  'a/{b',
  'a\0',
  'a/'.repeat(MAX_TOPIC_LEVELS),
  'a'.repeat(600),
])('parseTopicTemplate(%j) is refused', (text) => {
  expect(parseTopicTemplate(text)).toBeUndefined();
});

test('the filter of a template brings exactly the topics that match', () => {
  const level = fc.constantFrom('a', 'b', '');
  const templateLevel = fc.constantFrom('a', 'b', '', '+', '{x}');
  fc.assert(
    fc.property(
      fc.array(templateLevel, { minLength: 1, maxLength: 4 }),
      fc.boolean(),
      fc.array(level, { minLength: 1, maxLength: 5 }),
      (levels, open, topicLevels) => {
        const text = [...levels, ...(open ? ['#'] : [])].join('/');
        const template = parseTopicTemplate(text);
        // The same name twice, or no level at all.
        fc.pre(template !== undefined);
        if (template === undefined) return;
        const topic = topicLevels.join('/');
        const brought = createTopicFilter(template.filter)(topic);
        expect(matchTopic(template, topic) !== undefined).toBe(brought);
      },
    ),
  );
});
