// The time that a bundle bears.
import { InputError } from '@dandan/shared/error';

/**
 * Now, to the second; SOURCE_DATE_EPOCH makes bundles reproducible byte for byte.
 *
 * @throws {InputError} `option-invalid`.
 */
export function buildTime(): string {
  const epoch = process.env.SOURCE_DATE_EPOCH;
  const time = epoch === undefined ? new Date() : new Date(Number(epoch) * 1000);
  if (Number.isNaN(time.getTime())) {
    throw new InputError('option-invalid', 'SOURCE_DATE_EPOCH is no time', {
      field: 'environment variable SOURCE_DATE_EPOCH',
      value: epoch,
      allowed: 'seconds since 1970',
    });
  }
  return time.toISOString().replace(/\.\d+Z$/, 'Z');
}
