import { selectRows } from '@dandan/shared/kernel';
import { createTestRows } from '@dandan/shared/testing';
import { expect, test } from 'vitest';
import { concatRows } from './concat-rows.ts';

test.each([false, true])('concatRows() undoes selectRows(), sparse %s', (sparse) => {
  const rows = createTestRows({ width: 9, sparse }, 20);
  const parts = Array.from({ length: 20 }, (_, i) => selectRows(rows, [i]));
  expect(concatRows(parts)).toEqual(rows);
  expect(concatRows([selectRows(rows, [0, 1, 2]), selectRows(rows, [3])])).toEqual(
    selectRows(rows, [0, 1, 2, 3]),
  );
});
