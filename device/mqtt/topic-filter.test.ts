import { expect, test } from 'vitest';
import { createTopicFilter } from './topic-filter.ts';

test.each([
  ['a/b', 'a/b', true],
  ['a/b', 'a/b/c', false],
  ['a/#', 'a', true],
  ['a/#', 'a/b/c', true],
  ['a/#', 'ab', false],
  ['#', 'a/b', true],
  ['a/+/c', 'a/b/c', true],
  ['a/+/c', 'a/b/d', false],
  ['a/+', 'a/b/c', false],
  ['+/b/#', 'a/b/c/d', true],
  ['+/b/#', 'a', false],
  ['$share/group/a/+', 'a/b', true],
  ['$share/group/a/+', '$share/group/a/b', false],
])('createTopicFilter(%s) on %s gives %s', (filter, topic, expected) => {
  expect(createTopicFilter(filter)(topic)).toBe(expected);
});
