import fc from 'fast-check';
import { expect, test } from 'vitest';
import { alarmRates } from './alarm-rates.ts';

test('alarmRates() counts hits, false alarms and misses', () => {
  expect(alarmRates([0, 0, 0, 0, 1, 1], [0, 1, 0, 0, 1, 0])).toEqual({
    f1: 0.5,
    falseAlarmRate: 25,
    missedAlarmRate: 50,
    rows: 6,
  });
  expect(alarmRates([0, 1], [0, 0])).toMatchObject({ f1: 0, missedAlarmRate: 100 });
  expect(alarmRates([], [])).toEqual({ f1: 0, falseAlarmRate: 0, missedAlarmRate: 0, rows: 0 });
});

test('alarmRates() has the F1 of precision and recall', () => {
  const bits = fc.array(fc.tuple(fc.nat(1), fc.nat(1)), { minLength: 1 });
  fc.assert(
    fc.property(bits, (pairs) => {
      const truth = pairs.map(([a]) => a);
      const alarms = pairs.map(([, b]) => b);
      const hits = pairs.filter(([a, b]) => a === 1 && b === 1).length;
      const precision = hits / alarms.filter((value) => value === 1).length;
      const recall = hits / truth.filter((value) => value === 1).length;
      const { f1 } = alarmRates(truth, alarms);
      expect(f1).toBeCloseTo(hits === 0 ? 0 : (2 * precision * recall) / (precision + recall), 12);
    }),
  );
});
