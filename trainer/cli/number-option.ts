// Parsers of option values; commander turns their errors into usage errors.
import { InvalidArgumentError } from 'commander';

export interface NumberRange {
  readonly minimum: number;
  readonly maximum: number;
  /** @default {false} */
  readonly whole?: boolean;
}

/** A parser that accepts numbers of a range. */
export function numberOption({ minimum, maximum, whole = false }: NumberRange) {
  return (text: string): number => {
    const value = Number(text);
    const fits = text.trim() !== '' && value >= minimum && value <= maximum;
    if (fits && (!whole || Number.isInteger(value))) return value;
    const kind = whole ? 'a whole number' : 'a number';
    throw new InvalidArgumentError(`It must be ${kind} from ${minimum} to ${maximum}.`);
  };
}

/** A parser that accepts whole numbers of a range, 1 to `most` of them, with commas between. */
export function numberListOption({ most, ...range }: NumberRange & { readonly most: number }) {
  const parse = numberOption({ ...range, whole: true });
  return (text: string): number[] => {
    const parts = text.split(',');
    if (parts.length <= most) return parts.map(parse);
    throw new InvalidArgumentError(`It must be at most ${most} numbers with commas between.`);
  };
}
