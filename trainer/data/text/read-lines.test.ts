import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { writeFolder } from '../../testing/graph-folder-fixture.ts';
import { MAX_LINE_CHARACTERS } from '../limits.ts';
import { readLines } from './read-lines.ts';

async function collect(batches: AsyncIterable<string[]>): Promise<string[]> {
  const lines: string[] = [];
  for await (const batch of batches) lines.push(...batch);
  return lines;
}

async function linesOf(name: string, content: string | Uint8Array): Promise<string[]> {
  const dir = await writeFolder({ [name]: content });
  return collect(readLines({ path: join(dir, name), name }));
}

test('readLines() gives back what was joined, plain and gzipped', async () => {
  const texts = fc.array(fc.string({ unit: 'grapheme' }).filter((text) => !/[\r\n]/.test(text)));
  await fc.assert(
    fc.asyncProperty(texts, fc.constantFrom('\n', '\r\n'), async (lines, end) => {
      const text = lines.map((line) => line + end).join('');
      const wanted = lines.length === 0 ? [] : [lines[0].replace(/^\uFEFF/, ''), ...lines.slice(1)];
      expect(await linesOf('t.csv', text)).toEqual(wanted);
      expect(await linesOf('t.csv.gz', gzipSync(text))).toEqual(wanted);
    }),
    { numRuns: 30 },
  );
});

test('readLines() joins lines and letters that lie across chunks', async () => {
  // 3 bytes a letter: chunk borders (256 KiB) fall inside letters and lines.
  const lines = Array.from({ length: 300 }, (_, i) => '温'.repeat(1000 + i));
  expect(await linesOf('t.csv', lines.join('\n'))).toEqual(lines);
});

test.each([
  {
    what: 'a truncated gzip file',
    name: 'a.gz',
    bytes: gzipSync('x'.repeat(5000)).subarray(0, 20),
  },
  { what: 'a file that is not gzip', name: 'a.gz', bytes: Buffer.from('node,features\n') },
  { what: 'bytes that are not UTF-8', name: 'a.csv', bytes: Uint8Array.of(0x61, 0xff, 0x0a) },
  { what: 'an unfinished letter', name: 'a.csv', bytes: Uint8Array.of(0x61, 0xe6) },
  { what: 'an endless line', name: 'a.csv', bytes: Buffer.alloc(MAX_LINE_CHARACTERS + 1, 0x61) },
])('readLines() refuses $what', async ({ name, bytes }) => {
  await expect(linesOf(name, bytes)).rejects.toMatchObject({
    code: 'data-invalid',
    field: `${name}:1`,
  });
});

test('readLines() says which file it cannot read', async () => {
  const dir = await writeFolder({});
  const lines = readLines({ path: join(dir, 'none.csv'), name: 'none.csv' });
  await expect(collect(lines)).rejects.toMatchObject({
    code: 'data-missing',
    field: 'none.csv',
    value: 'ENOENT',
  });
});

test('readLines() stops between batches when aborted', async () => {
  const dir = await writeFolder({ 'a.csv': 'x\n'.repeat(500_000) });
  const controller = new AbortController();
  const lines = readLines({ path: join(dir, 'a.csv'), name: 'a.csv', signal: controller.signal });
  await lines.next();
  controller.abort(new Error('stop'));
  await expect(collect(lines)).rejects.toThrow('stop');
});
