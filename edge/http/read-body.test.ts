import { expect, test } from 'vitest';
import { readBody } from './read-body.ts';

const tooLarge = (bytes: number) => new RangeError(`${bytes} bytes`);

/** A request whose body comes in `chunks` and whose headers say what they like. */
function request(
  chunks: readonly number[][],
  length?: string,
): { request: Request; pulls: () => number } {
  let pulled = 0;
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const chunk = chunks[pulled++];
        if (chunk === undefined) controller.close();
        else controller.enqueue(Uint8Array.from(chunk));
      },
    },
    { highWaterMark: 0 },
  );
  const headers: Record<string, string> = length === undefined ? {} : { 'content-length': length };
  return {
    request: new Request('https://edge.test', { method: 'POST', body, headers }),
    pulls: () => pulled,
  };
}

test.each([undefined, '6', '2', '99', 'much', '-1'])(
  'readBody() reads every byte where content-length is %s',
  async (length) => {
    const { request: sent } = request([[1, 2], [3], [4, 5, 6]], length);
    expect([...(await readBody(sent, { maxBytes: 100, tooLarge }))]).toEqual([1, 2, 3, 4, 5, 6]);
  },
);

test('readBody() takes a body of exactly the limit and an absent one', async () => {
  const { request: full } = request([[1, 2, 3]]);
  expect(await readBody(full, { maxBytes: 3, tooLarge })).toHaveLength(3);
  const none = new Request('https://edge.test', { method: 'POST' });
  expect(await readBody(none, { maxBytes: 3, tooLarge })).toHaveLength(0);
});

test('readBody() refuses a declared length above the limit without reading', async () => {
  const { request: sent, pulls } = request([[1]], '4');
  await expect(readBody(sent, { maxBytes: 3, tooLarge })).rejects.toThrow('4 bytes');
  expect(pulls()).toBe(0);
});

test('readBody() stops at the limit where content-length is absent', async () => {
  const { request: sent, pulls } = request([[1, 2], [3, 4], [5], [6]]);
  await expect(readBody(sent, { maxBytes: 3, tooLarge })).rejects.toThrow('4 bytes');
  expect(pulls()).toBe(2);
});

test('readBody() refuses a body longer than it declares, which HTTP does not let through', async () => {
  const { request: sent } = request([[1, 2], [3, 4], [5], [6]], '1');
  await expect(readBody(sent, { maxBytes: 3, tooLarge })).rejects.toThrow('6 bytes');
});

test('readBody() reads a large body piece by piece, whatever it declares', async () => {
  const piece = Array<number>(65_536).fill(7);
  const pieces = Array<number[]>(48).fill(piece);
  const bytes = 48 * 65_536;
  const { request: sent } = request(pieces, String(bytes));
  expect(await readBody(sent, { maxBytes: bytes, tooLarge })).toHaveLength(bytes);
  const { request: understated, pulls } = request(pieces, String(bytes - 65_536));
  const refused = readBody(understated, { maxBytes: bytes - 65_536, tooLarge });
  await expect(refused).rejects.toThrow(`${bytes} bytes`);
  expect(pulls()).toBe(48);
});

async function zipped(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const packed = new Blob([bytes]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}

const sentAs = (encoding: string, body: BodyInit) =>
  new Request('https://edge.test', {
    method: 'POST',
    body,
    headers: { 'content-encoding': encoding },
  });

test.each(['gzip', 'GZIP', ' gzip '])(
  'readBody() unpacks a body of encoding %j',
  async (encoding) => {
    const bytes = Uint8Array.from({ length: 100_000 }, (_, i) => (i * i) % 251);
    const sent = sentAs(encoding, await zipped(bytes));
    expect(await readBody(sent, { maxBytes: 100_000, tooLarge })).toEqual(bytes);
  },
);

test('readBody() stops a small body that unpacks to a large one', async () => {
  const bomb = await zipped(new Uint8Array(50_000_000));
  expect(bomb.length).toBeLessThan(60_000);
  await expect(readBody(sentAs('gzip', bomb), { maxBytes: 100_000, tooLarge })).rejects.toThrow(
    'bytes',
  );
});

test('readBody() refuses gzip that is none, or cut off', async () => {
  const whole = await zipped(Uint8Array.from({ length: 1000 }, (_, i) => i % 7));
  const malformed = expect.objectContaining({ code: 'body-malformed' });
  for (const body of [Uint8Array.of(1, 2, 3), whole.slice(0, whole.length - 9)]) {
    const read = readBody(sentAs('gzip', body), { maxBytes: 2000, tooLarge });
    await expect(read).rejects.toThrow(malformed);
  }
});

test.each(['br', 'deflate', 'gzip, gzip', 'zstd'])(
  'readBody() refuses a body of encoding %j by name',
  async (encoding) => {
    const sent = sentAs(encoding, 'x');
    await expect(readBody(sent, { maxBytes: 10, tooLarge })).rejects.toThrow(
      expect.objectContaining({
        code: 'encoding-unsupported',
        details: expect.objectContaining({ value: encoding, allowed: 'identity, gzip' }),
      }),
    );
  },
);
