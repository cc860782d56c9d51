// A summary's numbers as one row of integers modulo 2⁶⁴, which masks can be added to, and back.
import { LOG_TEMPERATURES, THRESHOLDS } from '../grids.ts';
import type { SummaryContent } from '../summary.ts';

export interface VectorShape {
  readonly classes: number;
  readonly stages: number;
}

/** Numbers of a summary of this shape. */
export const vectorLength = ({ classes, stages }: VectorShape): number =>
  2 + classes + THRESHOLDS.length * (1 + classes + stages) + stages * LOG_TEMPERATURES.length;

/** @param content without anything withheld. */
export function toVector(content: SummaryContent, shape: VectorShape): BigUint64Array {
  const { rows, rowsPerClass, thresholds, temperatures } = content;
  const none = Array<number>(shape.stages * LOG_TEMPERATURES.length).fill(0);
  const numbers = [
    rows,
    ...rowsPerClass,
    ...thresholds.flatMap(({ disagreements, perClass, stops }) => [
      disagreements,
      ...perClass,
      ...stops,
    ]),
    temperatures?.rows ?? 0,
    ...(temperatures?.nll.flat() ?? none),
  ];
  return BigUint64Array.from(numbers, (value) => BigInt(value ?? 0));
}

/** `undefined` where a number is beyond what any rows could add up to. */
export function fromVector(
  vector: BigUint64Array,
  { classes, stages }: VectorShape,
): SummaryContent | undefined {
  if (vector.some((value) => value > BigInt(Number.MAX_SAFE_INTEGER))) return undefined;
  const numbers = Array.from(vector, Number);
  let at = 0;
  const take = (count: number) => {
    at += count;
    return numbers.slice(at - count, at);
  };
  const [rows] = take(1);
  const rowsPerClass = take(classes);
  const thresholds = THRESHOLDS.map(() => {
    const [disagreements] = take(1);
    return { disagreements, perClass: take(classes), stops: take(stages) };
  });
  const [labelled] = take(1);
  const nll = Array.from({ length: stages }, () => take(LOG_TEMPERATURES.length));
  const temperatures = labelled === 0 ? null : { rows: labelled, nll };
  return { rows, rowsPerClass, thresholds, temperatures };
}

/** a + b, or a − b, number by number modulo 2⁶⁴. */
export const combine = (a: BigUint64Array, b: BigUint64Array, sign: 1n | -1n): BigUint64Array =>
  a.map((value, i) => BigInt.asUintN(64, value + sign * b[i]));

/** Little-endian on every machine. */
export function encodeVector(vector: BigUint64Array): string {
  const bytes = new DataView(new ArrayBuffer(8 * vector.length));
  vector.forEach((value, i) => {
    bytes.setBigUint64(8 * i, value, true);
  });
  return Buffer.from(bytes.buffer).toString('base64');
}

/** `undefined` where the text is no base64 of `length` numbers. */
export function decodeVector(text: string, length: number): BigUint64Array | undefined {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length !== 8 * length || bytes.toString('base64') !== text) return undefined;
  return BigUint64Array.from({ length }, (_, i) => bytes.readBigUInt64LE(8 * i));
}
