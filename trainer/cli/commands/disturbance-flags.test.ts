import { Command } from 'commander';
import { expect, test } from 'vitest';
import {
  type DisturbanceFlags,
  declareDisturbanceFlags,
  disturbanceOptions,
  exclusiveOption,
} from './disturbance-flags.ts';

function options(...args: string[]) {
  const command = declareDisturbanceFlags(new Command()).exitOverride();
  command.configureOutput({ writeErr() {} }).parse(args, { from: 'user' });
  return disturbanceOptions(command.opts<DisturbanceFlags>());
}

test('disturbanceOptions() says nothing where nothing is asked for', () => {
  expect(options()).toEqual({});
});

test('disturbanceOptions() reads what mixup may pair', () => {
  const args = ['--mixup-partners', 'plant', '--mixup-rows', 'taught', '--mixup-windows', '4'];
  expect(options(...args, '--exclusive-classes', 'leak/blockage, idle/leak')).toEqual({
    mixupPairs: {
      partners: 'plant',
      rows: 'taught',
      windows: 4,
      exclusive: [
        ['leak', 'blockage'],
        ['idle', 'leak'],
      ],
    },
  });
});

test('disturbanceOptions() reads each disturbance by itself', () => {
  const none = { noise: 0, dropout: 0, drift: 0, schedule: 'constant' };
  expect(options('--augment-noise', '0.3').augmentation).toEqual({ ...none, noise: 0.3 });
  expect(options('--augment-dropout', '0.1').augmentation).toEqual({ ...none, dropout: 0.1 });
  expect(options('--augment-drift', '1', '--augment-schedule', 'progressive')).toEqual({
    augmentation: { ...none, drift: 1, schedule: 'progressive' },
  });
});

test.each([['leak'], ['leak/'], ['leak/blockage,'], ['']])(
  'exclusiveOption() refuses %j',
  (text) => {
    expect(() => exclusiveOption(text)).toThrow(/joined by slashes/);
  },
);

test.each([
  ['--augment-dropout', '1'],
  ['--augment-noise', '-1'],
  ['--mixup-windows', '1.5'],
  ['--mixup-partners', 'all'],
])('declareDisturbanceFlags() refuses %s %s', (...args) => {
  expect(() => options(...args)).toThrow();
});

test('disturbanceOptions() takes the exclusive classes of the plant, unless a flag names others', () => {
  const read = (args: string[]) => {
    const command = declareDisturbanceFlags(new Command('train'));
    command.parse(args, { from: 'user' });
    return disturbanceOptions(command.opts<DisturbanceFlags>(), [['idle', 'leak/drip']]);
  };
  expect(read([]).mixupPairs).toEqual({
    ...{ partners: 'any', rows: 'labelled', windows: 0 },
    exclusive: [['idle', 'leak/drip']],
  });
  const named = read(['--exclusive-classes', 'leak/blockage']);
  expect(named.mixupPairs?.exclusive).toEqual([['leak', 'blockage']]);
});
