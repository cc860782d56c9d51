// A chunk's part of the CSV result (RFC 4180), written byte by byte: a million rows are 50 MB.
import { STOP_REASONS } from '@dandan/shared/cascade';
import { type AnsweredRows, RESULT_COLUMNS } from './answered-rows.ts';

const encoder = new TextEncoder();

export const CSV_HEADER = encoder.encode(`${RESULT_COLUMNS.join(',')}\r\n`);

const COMMA = 0x2c;
const ZERO = 0x30;

/** Of a row without its id and label: two whole numbers up to 2⁵³, confidence, the rest. */
const ROW_BYTES = 96;

/** A field as RFC 4180 has it: in quotes where it holds a comma, a quote or a line end. */
export function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Writes a whole number, 0..2⁵³, and returns where it ends. */
function writeWhole(out: Uint8Array, begin: number, value: number): number {
  let digits = 1;
  for (let limit = 10; value >= limit; limit *= 10) digits++;
  let rest = value;
  for (let at = begin + digits - 1; at >= begin; at--) {
    const next = Math.floor(rest / 10);
    out[at] = ZERO + (rest - 10 * next);
    rest = next;
  }
  return begin + digits;
}

/**
 * Writes a confidence, 2⁻¹⁰..1, with as many digits as give back its float32: half the distance
 * of two float32 is at least 3e-9 from 0.1 on and 5e-11 from 2⁻¹⁰ on.
 */
function writeConfidence(out: Uint8Array, begin: number, value: number): number {
  const digits = value >= 0.1 ? 9 : 11;
  const unit = digits === 9 ? 1e9 : 1e11;
  let rest = Math.round(value * unit);
  if (rest >= unit) {
    out[begin] = ZERO + 1;
    return begin + 1;
  }
  out[begin] = ZERO;
  out[begin + 1] = 0x2e;
  let end = begin + 2;
  for (let at = begin + 1 + digits; at > begin + 1; at--) {
    const next = Math.floor(rest / 10);
    const digit = rest - 10 * next;
    rest = next;
    out[at] = ZERO + digit;
    if (digit !== 0 && end === begin + 2) end = at + 1;
  }
  return end;
}

/** One line per row, without the header. Same rows, same bytes. */
export function writeCsvSlice(rows: AnsweredRows): Uint8Array<ArrayBuffer> {
  const { firstRow, count, ids, labels, result } = rows;
  const classes = labels.map((label, c) => encoder.encode(`,${c},${csvField(label)},`));
  const stopped = STOP_REASONS.map((reason) => encoder.encode(`,${reason},`));
  const label = classes.reduce((longest, bytes) => Math.max(longest, bytes.byteLength), 0);
  const fields = ids?.map((id) => (id === null ? '' : csvField(id)));
  // UTF-8 takes at most three bytes for a unit of UTF-16.
  const text = fields?.reduce((sum, field) => sum + 3 * field.length, 0) ?? 0;
  const out = new Uint8Array(count * (ROW_BYTES + label) + text);
  let at = 0;
  for (let i = 0; i < count; i++) {
    at = writeWhole(out, at, firstRow + i);
    out[at++] = COMMA;
    if (fields !== undefined) at += encoder.encodeInto(fields[i], out.subarray(at)).written;
    const named = classes[result.classes[i]];
    out.set(named, at);
    at = writeConfidence(out, at + named.byteLength, result.confidence[i]);
    out[at++] = COMMA;
    at = writeWhole(out, at, result.stage[i]);
    const reason = stopped[result.stopped[i]];
    out.set(reason, at);
    at = writeWhole(out, at + reason.byteLength, result.macs[i]);
    out[at++] = 0x0d;
    out[at++] = 0x0a;
  }
  return out.slice(0, at);
}
