// Numbers, times and hashes as people read them.
import { language, t } from './i18n/index.ts';

/** The region of the browser where its language is the chosen one: days come before months, or not. */
const locale = () => navigator.languages.find((each) => each.startsWith(language())) ?? language();

const number = (options: Intl.NumberFormatOptions) => (value: number) =>
  new Intl.NumberFormat(locale(), options).format(value);

export const whole = number({ maximumFractionDigits: 0 });
export const decimal = number({ maximumSignificantDigits: 3 });
export const compact = number({ notation: 'compact', maximumFractionDigits: 1 });
/** Values of features, whose differences may be small against them. */
export const precise = number({ maximumSignificantDigits: 6 });
/** What was added or taken away. */
export const signed = number({
  signDisplay: 'exceptZero',
  minimumFractionDigits: 3,
  maximumFractionDigits: 3,
});
const percentage = number({ style: 'percent', maximumFractionDigits: 1 });
const currency = number({ style: 'currency', currency: 'USD', maximumSignificantDigits: 3 });

/** Below, nobody pays for the digits. */
const LEAST_PRICE = 0.0001;

/** Prices of a night are cents and parts of them. */
export const dollars = (usd: number): string =>
  usd > 0 && usd < LEAST_PRICE ? `< ${currency(LEAST_PRICE)}` : currency(usd);
const kilobytes = number({ style: 'unit', unit: 'kilobyte', maximumFractionDigits: 1 });

/** A share in percent; a dash where nothing was counted. */
export const percent = (part: number, all = 1): string =>
  all === 0 ? '–' : percentage(part / all);

export const bytes = (count: number): string => kilobytes(count / 1000);

/** Date and time to the minute, in the zone of the browser. */
export function moment(iso: string | null): string {
  if (iso === null) return t('app.never');
  const options = { dateStyle: 'short', timeStyle: 'short' } as const;
  return new Intl.DateTimeFormat(locale(), options).format(new Date(iso));
}

/** An hour or a day, as an axis names it; midnight by its date. */
export function tick(iso: string, step: 'hour' | 'day'): string {
  const at = new Date(iso);
  const options: Intl.DateTimeFormatOptions =
    step === 'hour' && at.getHours() !== 0
      ? { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }
      : { month: 'numeric', day: 'numeric' };
  return new Intl.DateTimeFormat(locale(), options).format(at);
}

/** The first digits of a hash tell bundles apart. */
export const short = (sha256: string | null): string => sha256?.slice(0, 12) ?? t('app.none');
