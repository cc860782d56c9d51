import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plainName, splitTitle } from './title.ts';

test.each<[string, string, string | undefined]>([
  ['Temp [°C]', 'Temp', '°C'],
  ['Temp (°C)', 'Temp', '°C'],
  ['Flow [m³/h]', 'Flow', 'm³/h'],
  ['Speed [1/min]', 'Speed', '1/min'],
  ['state [-]', 'state', ''],
  ['state []', 'state', ''],
  ['Temp (inlet)', 'Temp (inlet)', undefined],
  ['Temp', 'Temp', undefined],
  ['[bar]', '[bar]', undefined],
  [' load (%) ', 'load', '%'],
])('the title %j is of %j in %j', (title, name, unit) => {
  expect(splitTitle(title)).toEqual({ name, unit });
});

test.each<[string, string | undefined]>([
  ['my flow', 'my_flow'],
  ['Fluß.1', 'Flu_.1'],
  ['Débit (entrée)', 'Debit_entree'],
  ['ＡＢ１', 'AB1'],
  ['流量', undefined],
  ['', undefined],
  ['x'.repeat(65), undefined],
  ['__proto__', '__proto__'],
])('the name %j becomes %j', (text, name) => {
  expect(plainName(text)).toBe(name);
});

test('a name that a channel may have stays as it is, and any other becomes one or none', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), (text) => {
      const name = plainName(text);
      if (name === undefined) return;
      expect(name).toMatch(/^[A-Za-z0-9_.-]{1,64}$/);
      expect(plainName(name)).toBe(name);
    }),
  );
});
