import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAX_BLOCK_TEXT, sha256Block } from './sha256-block.ts';

async function platform(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
}

const ascii = fc.string({
  unit: fc.integer({ min: 0, max: 127 }).map((code) => String.fromCharCode(code)),
  maxLength: MAX_BLOCK_TEXT,
});

test('sha256Block() is the SHA-256 of the platform for any ASCII that fits a block', async () => {
  await fc.assert(
    fc.asyncProperty(ascii, async (text) => {
      expect(sha256Block(text)).toEqual(await platform(text));
    }),
    { numRuns: 500 },
  );
});

test('sha256Block() is that for every length', async () => {
  for (let length = 0; length <= MAX_BLOCK_TEXT; length++) {
    const text = 'k'.repeat(length);
    expect(sha256Block(text)).toEqual(await platform(text));
  }
});
