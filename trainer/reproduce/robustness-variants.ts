// What the table of robustness compares: a cascade without mixup, with it, with mixup that
// respects a plant, and with disturbances in training.
import type { AugmentationOptions, MixupPairs, TrainOptions } from '../run/train-options.ts';
import { withOverrides } from './settings.ts';
import { type Variant, type VariantSet, withMixup } from './variants.ts';

/** The class in which nothing is wrong; every other is taken for a fault. */
const NORMAL = 'normal';

/** Windows on either side: the reach of the embedded plant's own edges in time. */
const NEAR_WINDOWS = 4;

/**
 * Rules as far as the data know what they need. A machine has one fault at a time, whereas between
 * a fault and none lies its beginning: faults are mixed with normal windows and with their like.
 */
function domainPairs(set: VariantSet, more: Partial<MixupPairs> = {}): MixupPairs {
  const faults = set.classes.filter((name) => name !== NORMAL);
  const exclusive = faults.length > 1 && faults.length < set.classes.length ? [faults] : [];
  const partners = set.isPlant ? 'plant' : 'any';
  const { windows = 0, rows = 'labelled' } = more;
  return { partners, rows, windows: set.isPlant ? windows : 0, exclusive };
}

const withDomain =
  (more?: Partial<MixupPairs>): Variant['change'] =>
  (options, set) => ({ ...withMixup(options), mixupPairs: domainPairs(set, more) });

/** Ten times the usual weight: whether mixup does more where it counts as much as the teacher. */
const heavy =
  (change: Variant['change']): Variant['change'] =>
  (options, set) =>
    withOverrides(change(options, set), { student: { mixupWeight: 1 } });

const NONE: AugmentationOptions = { noise: 0, dropout: 0, drift: 0, schedule: 'constant' };
const NOISE = { noise: 1 };
const DROPOUT = { dropout: 0.2 };
const DRIFT = { drift: 0.5 };

const augmented = (options: TrainOptions, some: Partial<AugmentationOptions>): TrainOptions => ({
  ...options,
  augmentation: { ...NONE, ...some },
});

const withAugmentation =
  (some: Partial<AugmentationOptions>): Variant['change'] =>
  (options) =>
    augmented(withMixup(options), some);

/** One network as wide as the last stage, on the teacher's word or on labels alone. */
const single =
  (alpha: number): Variant['change'] =>
  (options) => ({
    ...withOverrides(options, { student: { mixupWeight: 0, alpha } }),
    widths: options.widths.slice(-1),
  });

const only: Variant['only'] = ['progmlp-additive'];

export const ROBUSTNESS: readonly Variant[] = [
  { name: 'plain MLP on the labels', only, change: single(1) },
  { name: 'one distilled MLP', only, change: single(0) },
  {
    name: 'without PMA',
    change: (options) => withOverrides(options, { student: { mixupWeight: 0 } }),
  },
  { name: 'PMA', only, change: withMixup },
  { name: 'domain PMA', only, change: withDomain() },
  { name: 'domain PMA, all taught rows', only, change: withDomain({ rows: 'taught' }) },
  {
    name: 'domain PMA, near windows',
    only,
    change: withDomain({ rows: 'taught', windows: NEAR_WINDOWS }),
  },
  { name: 'PMA, weight 1', only, change: heavy(withMixup) },
  {
    name: 'domain PMA, all taught rows, weight 1',
    only,
    change: heavy(withDomain({ rows: 'taught' })),
  },
  { name: 'PMA, noise', only, change: withAugmentation(NOISE) },
  { name: 'PMA, drop-out', only, change: withAugmentation(DROPOUT) },
  { name: 'PMA, drift', only, change: withAugmentation(DRIFT) },
  {
    name: 'PMA, all three',
    only,
    change: withAugmentation({ ...NOISE, ...DROPOUT, ...DRIFT }),
  },
  {
    name: 'domain PMA, all three',
    only,
    change: (options, set) =>
      augmented(withDomain({ rows: 'taught' })(options, set), { ...NOISE, ...DROPOUT, ...DRIFT }),
  },
];
