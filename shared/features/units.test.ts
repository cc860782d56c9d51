import fc from 'fast-check';
import { expect, test } from 'vitest';
import { InputError } from '../error/index.ts';
import { toChannelUnit, unitConversion } from './index.ts';

const channel = (unit: string) => ({ name: 'x', unit });

function convert(value: number, from: string, to: string): number {
  const sample = { asset: 'a', channel: 'x', time: 0, value, unit: from };
  return toChannelUnit(sample, channel(to)).value;
}

test.each<[number, string, string, number]>([
  [32, '°F', '°C', 0],
  [212, 'degF', 'celsius', 100],
  [-40, 'Fahrenheit', '℃', -40],
  [273.15, 'K', '°C', 0],
  [0, '°C', 'K', 273.15],
  [25, '°C', '°F', 77],
  [1, 'bar', 'kPa', 100],
  [1013.25, 'mbar', 'hPa', 1013.25],
  [1013.25, 'mbar', 'Pa', 101_325],
  [2.5, 'MPa', 'bar', 25],
  [1, 'psi', 'Pa', 6894.757293168362],
  [100, 'PSI', 'bar', 6.894757293168361],
  [25.4, 'mm', 'in', 1],
  [1, 'in', 'mm', 25.4],
  [1, 'µm', 'mm', 0.001],
  [1000, 'μm', 'mm', 1],
  [0.5, 'in/s', 'mm/s', 12.7],
  [0.0045, 'm/s', 'mm/s', 4.5],
  [1, 'g', 'm/s²', 9.80665],
  [9806.65, 'mm/s^2', 'g', 1],
  [1500, 'W', 'kW', 1.5],
  [20, 'mA', 'A', 0.02],
  [0.4, 'kV', 'V', 400],
  [3000, 'rpm', 'Hz', 50],
  [50, 'Hz', 'r/min', 3000],
  [6, 'm³/h', 'l/min', 100],
  [1, 'l/s', 'm3/h', 3.6],
  [60, 'L/min', 'l/s', 1],
  [55, '%', 'ratio', 0.55],
  [0.55, '1', 'percent', 55.00000000000001],
  [1.5, 'h', 'min', 90],
  [250, 'ms', 's', 0.25],
  [2.5, 't', 'kg', 2500],
  [250, 'g', 'kg', 0.25],
  [1, 'kWh', 'MJ', 3.6],
  [7, 'pH', 'pH', 7],
  [7, 'furlong', '', 7],
])('toChannelUnit() makes %s %s in %s %s', (value, from, to, expected) => {
  expect(convert(value, from, to)).toBe(expected);
});

test('toChannelUnit() leaves a sample without a unit, or with the same, as it is', () => {
  const plain = { asset: 'a', channel: 'x', time: 0, value: 0.1 };
  expect(toChannelUnit(plain, channel('bar'))).toBe(plain);
  const same = { ...plain, unit: 'bar' };
  expect(toChannelUnit(same, channel('bar'))).toBe(same);
  expect(toChannelUnit({ ...plain, unit: 'bar', historical: true }, channel('kPa'))).toEqual({
    ...plain,
    value: 10,
    historical: true,
  });
});

test.each([
  ['°C', 'bar', 'Pa'],
  ['', 'bar', 'mbar'],
  ['furlong', 'mm', 'in'],
  ['MPA', 'bar', 'psi'],
  ['mw', 'kW', 'MW'],
  ['__proto__', 'V', 'kV'],
  ['V', 'constructor', 'constructor'],
])(
  'toChannelUnit() refuses %j for a channel in %s, and names what is allowed',
  (from, to, allowed) => {
    try {
      convert(1, from, to);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(InputError);
      expect(error).toMatchObject({ code: 'unit-unknown', field: 'x.unit', value: from });
      expect((error as InputError).message).toContain("'x'");
      expect((error as InputError).allowed?.split(', ')).toContain(allowed);
      expect((error as InputError).allowed?.split(', ')[0]).toBe(to);
    }
  },
);

test('toChannelUnit() refuses a value that would overflow', () => {
  expect(() => convert(1e308, 'bar', 'Pa')).toThrow(
    expect.objectContaining({ code: 'unit-unknown', field: 'x', value: 1e308 }),
  );
});

test('what a unit means is settled by the quantity of the channel', () => {
  expect(convert(1, 'g', 'kg')).toBe(0.001);
  expect(convert(1000, 'mg', 'g')).toBe(1);
  expect(convert(1, 'g', 'mm/s²')).toBe(9806.65);
});

const QUANTITIES = [
  ['K', '°C', '°F'],
  ['Pa', 'kPa', 'MPa', 'bar', 'mbar', 'psi'],
  ['m', 'mm', 'µm', 'in'],
  ['m³/h', 'l/min', 'l/s', 'm3/s'],
  ['Hz', 'kHz', 'rpm'],
];
const pair = fc
  .constantFrom(...QUANTITIES)
  .chain((units) => fc.tuple(fc.constantFrom(...units), fc.constantFrom(...units)));
const number = fc.double({ min: -1e6, max: 1e6, noNaN: true });

test('conversions go back to the same value, within rounding', () => {
  fc.assert(
    fc.property(pair, number, ([from, to], value) => {
      const back = convert(convert(value, from, to), to, from);
      expect(Math.abs(back - value)).toBeLessThanOrEqual(1e-12 * (Math.abs(value) + 1000));
    }),
  );
});

test('conversions are whole numbers, so that every engine computes the same bits', () => {
  for (const units of QUANTITIES) {
    for (const from of units) {
      for (const to of units) {
        const { factor, shift, divisor } = unitConversion(from, to)!;
        expect([factor, shift, divisor].every(Number.isInteger)).toBe(true);
        expect(factor > 0 && divisor > 0).toBe(true);
      }
    }
  }
});

test('unitConversion() answers any text', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (from, to) => {
      const conversion = unitConversion(from, to);
      expect(conversion === undefined || conversion.divisor > 0).toBe(true);
      expect(unitConversion(from, to)).toEqual(conversion);
    }),
  );
});

test('unitConversion() forgets spellings beyond a bound, not what they mean', () => {
  for (let i = 0; i < 2500; i++) expect(unitConversion(`unit ${i}`, 'bar')).toBeUndefined();
  expect(convert(1, 'bar', 'kPa')).toBe(100);
});
