import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSeal, type SealedMessage } from './seal.ts';

const message = fc.record<SealedMessage>({
  direction: fc.constantFrom('request', 'response'),
  topic: fc.string({ maxLength: 5 }),
  responseTopic: fc.string({ maxLength: 5 }),
  correlation: fc.uint8Array({ maxLength: 4 }),
  status: fc.string({ maxLength: 3 }),
  retryAfter: fc.string({ maxLength: 3 }),
  body: fc.uint8Array({ maxLength: 4 }),
});

test('createSeal() seals exactly one message under exactly one secret', async () => {
  const [seal, other] = [await createSeal('one'), await createSeal('another')];
  await fc.assert(
    fc.asyncProperty(message, message, async (first, second) => {
      const signed = await seal.sign(first);
      const plain = (each: SealedMessage) =>
        JSON.stringify({ ...each, correlation: [...each.correlation], body: [...each.body] });
      expect(await seal.verify(first, signed)).toBe(true);
      expect(await seal.verify(second, signed)).toBe(plain(first) === plain(second));
      expect(await other.verify(first, signed)).toBe(false);
    }),
  );
});
