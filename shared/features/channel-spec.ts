// What a row says of one sensor channel: statistics of its window, energies of frequency bands.
import * as z from 'zod';

/** Statistics of one channel over one window, in the order in which they were added. */
export const STATISTICS = [
  'last',
  'mean',
  'deviation',
  'slope',
  'minimum',
  'maximum',
  'rms',
  'kurtosis',
  'crest',
  'sinceChange',
] as const;

export type Statistic = (typeof STATISTICS)[number];

/** A month: a sensor that reports changes only and has said nothing for longer is taken for dead. */
const MAX_HOLD_MS = 31 * 24 * 60 * 60 * 1000;

/** Third-octaves of three decades are 30; a vibration standard's bands are fewer than 10. */
const MAX_BANDS = 32;

/** 100 kHz: times beyond it would not differ in a float64 of milliseconds since 1970. */
const MIN_SAMPLE_MS = 0.01;

/** A day, as the longest window. */
const MAX_SAMPLE_MS = 24 * 60 * 60 * 1000;

export const isUnique = (names: readonly string[]) => new Set(names).size === names.length;

export const statisticList = z
  .array(z.enum(STATISTICS))
  .refine(isUnique, 'a statistic is named twice');

const band = z
  .strictObject({ fromHz: z.number().min(0), toHz: z.number().positive() })
  .refine(({ fromHz, toHz }) => fromHz < toHz, {
    message: 'toHz must exceed fromHz',
    path: ['toHz'],
  });

export type Band = Readonly<z.infer<typeof band>>;

export const bandName = ({ fromHz, toHz }: Band) => `${fromHz}-${toHz}Hz`;

export const channelSpec = z
  .strictObject({
    name: z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/, 'letters, digits, _ . - (1..64)'),
    unit: z.string().max(32),
    /**
     * For sensors that report changes only: a window without a sample takes the last value before
     * it, up to this age at the row's time, milliseconds. Without it the channel is missing (NaN),
     * which reads as the mean.
     */
    holdMs: z.int().min(1).max(MAX_HOLD_MS).optional(),
    /** Of this channel, instead of those that all have; none where it has bands alone. */
    statistics: statisticList.optional(),
    /** Root mean square of the signal, without its mean, at frequencies in [fromHz, toHz). */
    bands: z
      .array(band)
      .min(1)
      .max(MAX_BANDS)
      .refine((bands) => isUnique(bands.map(bandName)), 'a band is named twice')
      .optional(),
    /** Nominal time between two samples, milliseconds; stands beside `bands`. */
    sampleMs: z.number().min(MIN_SAMPLE_MS).max(MAX_SAMPLE_MS).optional(),
  })
  .superRefine(({ statistics, bands, sampleMs }, context) => {
    const issue = (path: (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path, message });
    if ((bands === undefined) !== (sampleMs === undefined)) {
      issue(['sampleMs'], 'bands and sampleMs stand beside each other');
    }
    if (statistics?.length === 0 && bands === undefined) {
      issue(['statistics'], 'a channel without statistics must have bands');
    }
    if (sampleMs === undefined) return;
    // [fromHz, toHz) leaves half the sampling rate itself out.
    bands?.forEach(({ toHz }, i) => {
      if (toHz * sampleMs > 500) {
        issue(['bands', i, 'toHz'], `must be at most half the sampling rate, ${500 / sampleMs} Hz`);
      }
    });
  });

export type ChannelSpec = Readonly<z.infer<typeof channelSpec>>;
