import { expect, test } from 'vitest';
import { publishedAccuracy, publishedName } from './published.ts';

test('publishedName() maps folder names to the columns of the paper', () => {
  expect(['cora', 'coauthor-cs', 'amazon-photo', 'My-Set'].map(publishedName)).toEqual([
    'Cora',
    'CS',
    'Photo',
    'My-Set',
  ]);
});

test('publishedAccuracy() gives what the paper states and nothing else', () => {
  const cora = { set: 'cora', teacher: 'gcn', setting: 'tran' } as const;
  expect(publishedAccuracy({ ...cora, method: 'teacher' })).toBe(79.03);
  expect(publishedAccuracy({ ...cora, method: 'progmlp-paper' })).toBe(80.19);
  expect(publishedAccuracy({ ...cora, teacher: 'sage', method: 'progmlp-paper' })).toBe(79.28);
  expect(publishedAccuracy({ ...cora, setting: 'ind', method: 'progmlp-paper' })).toBe(73.07);
  // Our own structure and a plain MLP are not in the paper.
  expect(publishedAccuracy({ ...cora, method: 'progmlp-incremental' })).toBeUndefined();
  expect(publishedAccuracy({ ...cora, method: 'mlp' })).toBeUndefined();
  expect(publishedAccuracy({ ...cora, set: 'elm', method: 'teacher' })).toBeUndefined();
});
