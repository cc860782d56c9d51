// How long something took, as people write it.
import { unitConversion } from '@dandan/shared/features';

/** What a duration may look like, in words. */
export const DURATION_WORDS = 'a number with its unit, e.g. 90 min or 1.5 h, or hours:minutes';

const CLOCK = /^(\d{1,4}):([0-5]\d)(?::([0-5]\d))?$/;
const MEASURE = /^(\d+(?:[.,]\d+)?)\s*([a-z]+)$/i;

/** Milliseconds, above 0; `undefined` where `text` is no duration. */
export function parseDuration(text: string): number | undefined {
  const clock = CLOCK.exec(text);
  if (clock !== null) {
    const [, hours, minutes, seconds = '0'] = clock;
    return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000 || undefined;
  }
  const measure = MEASURE.exec(text);
  if (measure === null) return undefined;
  const conversion = unitConversion(measure[2], 'ms');
  if (conversion === undefined) return undefined;
  const value = Number(measure[1].replace(',', '.'));
  const ms = (value * conversion.factor + conversion.shift) / conversion.divisor;
  return Number.isFinite(ms) && ms > 0 ? Math.round(ms) : undefined;
}
