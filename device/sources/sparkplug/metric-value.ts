// Sparkplug's data types as numbers (specification 3.0, chapter 6).

/** Fields of a metric that hold a number. */
export const FIELD = { int: 10, long: 11, float: 12, double: 13, boolean: 14 } as const;

/** A metric's value as it stood on the wire. */
export interface RawValue {
  /** Number of the field that held it; 0: none. */
  field: number;
  /** Halves of an int, long or boolean. */
  low: number;
  high: number;
  /** A float or double. */
  number: number;
}

export const DATA_TYPE = {
  unknown: 0,
  int8: 1,
  int16: 2,
  int32: 3,
  int64: 4,
  uint8: 5,
  uint16: 6,
  uint32: 7,
  uint64: 8,
  float: 9,
  double: 10,
  boolean: 11,
  dateTime: 13,
} as const;

/** Bits of Int8, Int16, Int32 and of UInt8, UInt16, UInt32 by data type. */
const WIDTH: readonly number[] = [0, 8, 16, 32, 64, 8, 16, 32, 64];

/** True for the types that are read: numbers, booleans and points in time. */
export function isNumericType(dataType: number): boolean {
  const { boolean, dateTime } = DATA_TYPE;
  return (dataType > 0 && dataType <= boolean) || dataType === dateTime;
}

/**
 * Two's complement of `width` bits. Writers differ in how far they extend the sign: -1 as Int8 is
 * found as 0xff, as 0xffffffff (Tahu) and, where a writer thinks in int32 of protobuf, with 64 bits.
 */
function signed(low: number, high: number, width: number): number {
  const half = 2 ** (width - 1);
  if (high === 0 && low < half) return low;
  if (high === 0 && low < 2 * half) return low - 2 * half;
  const extended = low >= 2 ** 32 - half && (high === 0 || high === 0xffffffff);
  return extended ? low - 2 ** 32 : Number.NaN;
}

function integer({ low, high }: RawValue, dataType: number): number {
  const width = WIDTH[dataType] ?? 64;
  if (dataType === DATA_TYPE.int64) return (high | 0) * 2 ** 32 + low;
  if (dataType <= DATA_TYPE.int32) return signed(low, high, width);
  if (width === 64) return high * 2 ** 32 + low;
  return high === 0 && low < 2 ** width ? low : Number.NaN;
}

/**
 * The number that `raw` stands for, booleans as 0 and 1, dates in milliseconds; above 2⁵³ the
 * nearest float64. NaN where field and type, or size and type, do not go together.
 */
export function numericValue(raw: RawValue, dataType: number): number {
  const { field } = raw;
  if (field === FIELD.float || field === FIELD.double) {
    const fits = dataType === DATA_TYPE.float || dataType === DATA_TYPE.double;
    return fits || dataType === DATA_TYPE.unknown ? raw.number : Number.NaN;
  }
  if (field === FIELD.boolean) {
    const fits = dataType === DATA_TYPE.boolean || dataType === DATA_TYPE.unknown;
    return fits ? Math.min(1, raw.low + raw.high) : Number.NaN;
  }
  if (field !== FIELD.int && field !== FIELD.long) return Number.NaN;
  const whole = dataType >= DATA_TYPE.int8 && dataType <= DATA_TYPE.uint64;
  return whole || dataType === DATA_TYPE.dateTime ? integer(raw, dataType) : Number.NaN;
}
