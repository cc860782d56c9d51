import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRecordEnds, isBlank, MAX_FIELD_BYTES } from '../input/record-end.ts';
import { type CutRecords, cutRecords } from './cut-records.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Cuts a whole file, a window at a time, as the planner does. */
function cutFile(file: Uint8Array, options: { window: number; rows: number; quoted: boolean }) {
  const { window, rows, quoted } = options;
  const chunks: CutRecords['chunks'][number][] = [];
  let begin = 0;
  let line = 1;
  while (begin < file.byteLength) {
    const bytes = file.subarray(begin, begin + window);
    const last = begin + bytes.byteLength === file.byteLength;
    const cut = cutRecords(bytes, {
      quoted,
      last,
      rows,
      maxBytes: 100,
      maxChunks: 3,
      line,
      offset: begin,
    });
    if (cut.taken === 0) throw new Error(`stuck at ${begin}`);
    chunks.push(...cut.chunks);
    begin += cut.taken;
    line = cut.line;
  }
  return chunks;
}

/** A field as a person may write it, and a line end. */
const field = fc.oneof(
  fc.stringMatching(/^[a-z0-9. ]{0,6}$/),
  fc.stringMatching(/^[a-z",\r\n]{0,8}$/).map((text) => `"${text.replaceAll('"', '""')}"`),
  fc.constant('ö€😀'),
);
const record = fc.array(field, { minLength: 1, maxLength: 4 }).map((fields) => fields.join(','));
const lineEnd = fc.constantFrom('\n', '\r\n', '\n\n', '\r\n\r\n');
const csv = fc
  .tuple(fc.array(fc.tuple(record, lineEnd), { maxLength: 30 }), fc.boolean())
  .map(([records, open]) => {
    const text = records.map(([own, end]) => own + end).join('');
    return {
      text: open ? text.replace(/[\r\n]+$/, '') : text,
      records: records.map(([own]) => own),
    };
  });

test('chunks of any CSV begin and end with records, and hold all of them in order', () => {
  fc.assert(
    fc.property(
      csv,
      fc.integer({ min: 300, max: 900 }),
      fc.integer({ min: 1, max: 7 }),
      (file, window, rows) => {
        const bytes = encoder.encode(file.text);
        const chunks = cutFile(bytes, { window, rows, quoted: true });
        const wanted = file.records.filter((own) => own !== '' && !/^[\r\n]*$/.test(own));
        expect(chunks.reduce((sum, chunk) => sum + chunk.rows, 0)).toBe(wanted.length);
        const found: string[] = [];
        for (const { begin, bytes: size, rows: count, place } of chunks) {
          expect(count).toBeLessThanOrEqual(rows);
          expect(place).toBe(
            1 +
              file.text.slice(0, decoder.decode(bytes.subarray(0, begin)).length).split('\n')
                .length -
              1,
          );
          const own = bytes.subarray(begin, begin + size);
          const ends = createRecordEnds(own, { quoted: true, last: true });
          for (let at = 0; at < own.byteLength; ) {
            const end = ends.after(at);
            if (!isBlank(own, at, end))
              found.push(decoder.decode(own.subarray(at, end)).replace(/\r?\n$/, ''));
            at = end;
          }
        }
        expect(found).toEqual(wanted);
      },
    ),
  );
});

test('the cuts do not depend on the window, but for chunks that a window ends', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 60 }), (lengths) => {
      const file = encoder.encode(lengths.map((length) => `${'x'.repeat(length)}\n`).join(''));
      const rows = (window: number) =>
        cutFile(file, { window, rows: 5, quoted: false }).map((chunk) => chunk.rows);
      const total = (counts: number[]) => counts.reduce((sum, count) => sum + count, 0);
      expect(total(rows(200))).toBe(lengths.filter((length) => length > 0).length);
      expect(total(rows(100_000))).toBe(total(rows(200)));
    }),
  );
});

test.each([
  ['a\nb', 'a\n'],
  ['a', 'a'],
  ['"a\nb",c\nd', '"a\nb",c\n'],
  ['"a""\n""b"\nd', '"a""\n""b"\n'],
  ['a"\nb', 'a"\n'],
  ['a,"b\nc"\n', 'a,"b\nc"\n'],
  ['"never\nclosed', '"never\n'],
  [`"${'x'.repeat(10)}\n${'y'.repeat(MAX_FIELD_BYTES)}"\n`, `"${'x'.repeat(10)}\n`],
])('of %j the first record is %j', (text, first) => {
  const bytes = encoder.encode(text);
  const end = createRecordEnds(bytes, { quoted: true, last: true }).after(0);
  expect(decoder.decode(bytes.subarray(0, end))).toBe(first);
});

test('a record that may go on beyond the window has no end', () => {
  for (const text of ['a', '"a\n', '"a"', '"a""', 'a,"b\nc']) {
    const bytes = encoder.encode(text);
    expect(createRecordEnds(bytes, { quoted: true, last: false }).after(0), text).toBe(-1);
  }
});

test('every quote of a file is looked at a few times at most, however many records there are', () => {
  for (const body of [
    '1,2\n'.repeat(200_000),
    '1,"2"\n'.repeat(100_000),
    'a"b\n'.repeat(150_000),
  ]) {
    const bytes = encoder.encode(body);
    let looked = 0;
    const counting = new Proxy(bytes, {
      get(target, key) {
        const value: unknown = Reflect.get(target, key);
        if (key !== 'indexOf') return typeof value === 'function' ? value.bind(target) : value;
        return (byte: number, from: number) => {
          const found = target.indexOf(byte, from);
          looked += (found < 0 ? target.byteLength : found) - from;
          return found;
        };
      },
    });
    const ends = createRecordEnds(counting, { quoted: true, last: true });
    for (let at = 0; at < bytes.byteLength; ) at = ends.after(at);
    expect(looked).toBeLessThan(6 * bytes.byteLength);
  }
});
