// How a report of a run says numbers, times and what it counts, in each of its languages.

import { wallClock } from '@dandan/shared/time-zone';

const UTC = 'UTC';

export const LANGUAGES = ['en', 'ja'] as const;
export type Language = (typeof LANGUAGES)[number];

export interface SayOptions {
  readonly language: Language;
  /** What is classified. */
  readonly unit: 'window' | 'node';
  /** IANA zone in which times are told. @default {'UTC'} */
  readonly timeZone?: string | undefined;
}

export interface Say {
  readonly language: Language;
  /** What is classified: `window`/`windows` of a plant, or `node`/`nodes`. */
  readonly one: string;
  readonly many: string;
  /** 0..1 as percent; a dash where there is none. */
  percent(share: number | undefined, digits?: number): string;
  /** With separators of thousands. */
  count(value: number): string;
  /** Milliseconds in the largest unit that leaves no more than two digits of detail. */
  duration(ms: number): string;
  /** The wall clock of the zone, to the minute. */
  time(ms: number): string;
  /** Whose clock {@linkcode Say.time} reads. */
  readonly zone: string;
  /** A difference of shares, 0..1, as points with a sign. */
  points(difference: number): string;
}

const TERMS = {
  en: {
    window: ['window', 'windows'],
    node: ['node', 'nodes'],
    units: ['ms', 's', 'min', 'h', 'days'],
    points: 'points',
    utc: 'UTC',
    timesOf: (zone: string) => `times of ${zone}`,
  },
  ja: {
    window: ['時間窓', '時間窓'],
    node: ['ノード', 'ノード'],
    units: ['ミリ秒', '秒', '分', '時間', '日'],
    points: 'ポイント',
    utc: '協定世界時',
    timesOf: (zone: string) => `${zone} の時刻`,
  },
} as const;

/** Between a number and its unit: a line must not end there. */
const NO_BREAK = '\u00a0';

const UNIT_MS = [1, 1000, 60_000, 3_600_000, 86_400_000];
const MINUTES = 2;
/** Of the next unit before it is used: 90 minutes, but 3 hours. */
const BEFORE_NEXT = 2;

const signed = (value: number, text: string) => (value < 0 ? `−${text}` : text);

export function createSay({ language, unit, timeZone = UTC }: SayOptions): Say {
  const terms = TERMS[language];
  const [one, many] = terms[unit];
  return {
    language,
    one,
    many,
    percent: (share, digits = 1) =>
      share === undefined ? '—' : `${(100 * share).toFixed(digits)}${NO_BREAK}%`,
    count: (value) => value.toLocaleString('en-US', { maximumFractionDigits: 0 }),
    duration: (ms) => {
      const size = Math.abs(ms);
      // No time at all has no unit of its own; minutes are what plants count in.
      const unitOf =
        size === 0
          ? MINUTES
          : UNIT_MS.findLastIndex(
              (length, i) => i === 0 || size === length || size >= BEFORE_NEXT * length,
            );
      const value = size / UNIT_MS[unitOf];
      const text = value >= 10 ? value.toFixed(0) : String(Number(value.toFixed(1)));
      return signed(ms, `${text}${NO_BREAK}${terms.units[unitOf]}`);
    },
    time: (ms) => wallClock(timeZone, ms),
    zone: timeZone === UTC ? terms.utc : terms.timesOf(timeZone),
    points: (difference) => {
      const size = Math.abs(100 * difference).toFixed(1);
      return `${difference < 0 && size !== '0.0' ? '−' : '+'}${size}${NO_BREAK}${terms.points}`;
    },
  };
}
