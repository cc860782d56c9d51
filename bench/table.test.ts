import { expect, test } from 'vitest';
import { notMeasured, summarise } from './figures.ts';
import { figuresTable } from './table.ts';

test('figuresTable() lines up cases with and without peers, and says why one is missing', () => {
  const cases = [
    summarise({ name: 'a', unit: 's', ours: [2], peers: { pyg: [5] }, notes: ['said'] }),
    notMeasured({ name: 'longer name', unit: 'MB' }, 'no data'),
  ];
  expect(figuresTable(cases)).toEqual([
    'case         unit  ours  pyg  pyg ÷ ours',
    'a               s     2    5         2.5',
    'longer name    MB     –    –           –',
    '',
    'a: said',
    'longer name: no data',
  ]);
});
