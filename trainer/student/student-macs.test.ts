import { expect, test } from 'vitest';
import { studentMacs } from './student-macs.ts';

test('studentMacs() counts every layer of a row once, by hand', () => {
  // 10 columns and 4 units of the predecessor into 8, 8 into 5, [4 ‖ 5] into 3 classes.
  const incremental = { columns: 10, reads: 4, widths: [8, 5], headInputs: 9, classes: 3 };
  expect(studentMacs(incremental)).toBe(8 * 14 + 5 * 8 + 9 * 3);
  const first = { columns: 18.2, reads: 0, widths: [16], headInputs: 16, classes: 7 };
  expect(studentMacs(first)).toBeCloseTo(16 * 18.2 + 16 * 7, 9);
});
